#include "ui/parts/codeblock.h"

#include "core/look/icons.h"
#include "ui/parts/buttons.h"
#include "ui/parts/label.h"
#include "ui/parts/textblock.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

CodeBlock::CodeBlock(const QString &head,
                     const QString &detail,
                     const QString &text,
                     QWidget *parent)
    : QWidget(parent)
    , m_text(text)
{
    setSurface(this, "sunken");
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    setObjectName(u"codeBlock"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 8, 10);
    column->setSpacing(2);
    auto *copy = iconButton(u"copy"_s, tr("Copy text"), "copyCode");
    copy->setIconSize({14, 14});
    connect(copy, &QToolButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_text); });
    auto *line = new QHBoxLayout;
    line->setSpacing(6);
    auto *body = new TextBlock(text);
    body->setMono();
    body->setObjectName(u"codeText"_s);
    if (head.isEmpty()) {
        line->addWidget(body, 1);
        line->addWidget(copy, 0, Qt::AlignTop);
        column->addLayout(line);
        return;
    }
    auto *title = new TextBlock(head);
    title->setMono();
    title->setTone(look::Role::Text2);
    line->addWidget(title, 1);
    line->addWidget(copy, 0, Qt::AlignTop);
    column->addLayout(line);
    if (!detail.isEmpty()) {
        auto *second = new TextBlock(detail);
        second->setMono();
        second->setTone(look::Role::Text3);
        column->addWidget(second);
    }
    if (!text.isEmpty())
        column->addWidget(body);
}

} // namespace ui
