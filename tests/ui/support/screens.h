#pragma once

#include "tests/ui/support/fakebackend.h"

#include <QTemporaryDir>
#include <QWidget>

#include <memory>

/// One screen with what it needs to live.
struct Screen
{
    QTemporaryDir config;
    FakeBackend backend;
    std::unique_ptr<QWidget> window;
};

/// Every screen and dialog of the window, for tests that hold for all of them.
namespace screens {

/// Rows for a Qt test: the data tag names the screen, the column `isDialog` says what it is.
void rows();
void open(Screen &screen, const QString &name, bool isDialog);

} // namespace screens
