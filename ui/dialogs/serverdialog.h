#pragma once

#include "ui/backend.h"
#include "ui/dialogs/dialogframe.h"

#include <stop_token>

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace ui {

class StageBar;

/// Describes a server, new or known, and tests the connection stage by stage.
class ServerDialog : public DialogFrame
{
    Q_OBJECT

public:
    /// `server` without an id is a new one.
    ServerDialog(Backend &backend, model::Server server, QWidget *parent);
    ~ServerDialog() override;

signals:
    /// Kept by the store. Passwords typed in during a test are in `takeCredentials()`.
    void saved(const model::Server &server);

public:
    engine::Credentials takeCredentials() { return std::move(m_credentials); }

private:
    void buildForm();
    void buildTest();
    QWidget *keyFileRow();
    QLineEdit *addField(const QString &label, const char *name, const QString &hint = {});
    void addRow(const QString &label, QWidget *field);
    model::Server typed() const;
    void fill(const model::Server &server);
    void update();
    void test();
    void tested(engine::ConnectionReport report);
    void say(const char *tone, const QString &text, const QString &next = {});
    void save();

    Backend &m_backend;
    QString m_id;
    engine::Credentials m_credentials;
    model::Server m_testedServer;
    std::stop_source m_stop;
    bool m_testing = false;
    QLineEdit *m_host;
    QSpinBox *m_port;
    QLineEdit *m_user;
    QComboBox *m_login;
    QWidget *m_keyRow;
    QLineEdit *m_keyFile;
    QComboBox *m_sudo;
    QLineEdit *m_name;
    QLineEdit *m_group;
    QLineEdit *m_publicName;
    StageBar *m_stages;
    Label *m_answer;
    Label *m_next;
    QPushButton *m_test;
    QPushButton *m_save;
};

} // namespace ui
