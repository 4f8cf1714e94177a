#include "ui/dialogs/serverdialog.h"

#include "core/look/tokens.h"
#include "ui/dialogs/asker.h"
#include "ui/parts/buttons.h"
#include "ui/parts/choicebox.h"
#include "ui/parts/label.h"
#include "ui/parts/stagebar.h"
#include "ui/receive.h"
#include "ui/session/serversession.h"
#include "ui/words.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace ui {

using namespace Qt::StringLiterals;

namespace {

QString privilegeWords(model::Privilege privilege)
{
    switch (privilege) {
    case model::Privilege::Root:
        return ServerDialog::tr("as root");
    case model::Privilege::Sudo:
        return ServerDialog::tr("as root through sudo");
    case model::Privilege::User:
        return ServerDialog::tr("as an ordinary user: many checks stay unknown");
    }
    return {};
}

} // namespace

ServerDialog::ServerDialog(Backend &backend, model::Server server, QWidget *parent)
    : DialogFrame(server.id.isEmpty() ? tr("Add a server") : tr("Edit server"),
                  tr("Nothing is sent before you have seen the server's host key."),
                  parent)
    , m_backend(backend)
    , m_id(server.id)
{
    setObjectName(u"serverDialog"_s);
    buildForm();
    buildTest();
    m_test = ghostButton(tr("&Test connection"), "testConnection");
    auto *cancel = plainButton(tr("Cancel"), "cancelButton");
    m_save = primaryButton(m_id.isEmpty() ? tr("&Add server") : tr("&Save"), "saveServer");
    m_save->setDefault(true);
    addFootStart(m_test);
    addFootEnd(cancel);
    addFootEnd(m_save);
    connect(m_test, &QPushButton::clicked, this, &ServerDialog::test);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &ServerDialog::save);
    fill(server);
    update();
    m_host->setFocus();
}

ServerDialog::~ServerDialog()
{
    m_stop.request_stop();
}

void ServerDialog::addRow(const QString &label, QWidget *field)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(look::space::medium);
    auto *name = new Label(label, Type::Small);
    name->tone("2")->setFixedWidth(110);
    name->setBuddy(field);
    row->addWidget(name);
    row->addWidget(field, 1);
    body()->addLayout(row);
}

QLineEdit *ServerDialog::addField(const QString &label, const char *name, const QString &hint)
{
    auto *field = new QLineEdit;
    QString plain = label;
    nameWidget(field, name, plain.remove(u'&'));
    field->setPlaceholderText(hint);
    addRow(label, field);
    connect(field, &QLineEdit::textChanged, this, &ServerDialog::update);
    return field;
}

void ServerDialog::buildForm()
{
    body()->setSpacing(look::space::small);
    auto *address = new QWidget;
    auto *row = new QHBoxLayout(address);
    row->setContentsMargins(0, 0, 0, 0);
    m_host = new QLineEdit;
    m_host->setPlaceholderText(tr("Host name or address"));
    nameWidget(m_host, "hostField", tr("Address"));
    m_port = new QSpinBox;
    m_port->setRange(1, 65535);
    m_port->setFixedWidth(80);
    nameWidget(m_port, "portField", tr("Port"));
    row->addWidget(m_host, 1);
    row->addWidget(new Label(tr("Port"), Type::Small));
    row->addWidget(m_port);
    addRow(tr("A&ddress"), address);
    address->setFocusProxy(m_host);
    connect(m_host, &QLineEdit::textChanged, this, &ServerDialog::update);

    m_user = addField(tr("&User"), "userField", tr("root, or a user who may use sudo"));
    m_login = new ChoiceBox;
    m_login->addItem(tr("SSH agent"), static_cast<int>(model::LoginMethod::Agent));
    m_login->addItem(tr("Key file"), static_cast<int>(model::LoginMethod::KeyFile));
    m_login->addItem(tr("Password"), static_cast<int>(model::LoginMethod::Password));
    nameWidget(m_login, "loginField", tr("How to log in"));
    addRow(tr("&Log in with"), m_login);
    m_keyRow = keyFileRow();
    body()->addWidget(m_keyRow);
    m_sudo = new ChoiceBox;
    m_sudo->addItem(tr("Without a password"), static_cast<int>(model::SudoMethod::WithoutPassword));
    m_sudo->addItem(tr("The login password"), static_cast<int>(model::SudoMethod::SameAsLogin));
    m_sudo->addItem(tr("Another password"), static_cast<int>(model::SudoMethod::OtherPassword));
    m_sudo->addItem(tr("No sudo: many checks stay unknown"),
                    static_cast<int>(model::SudoMethod::None));
    nameWidget(m_sudo, "sudoField", tr("sudo"));
    addRow(tr("sud&o"), m_sudo);
    m_name = addField(tr("&Name"), "nameField", tr("As you call it; the address if empty"));
    m_group = addField(tr("&Group"), "groupField", tr("Optional, for the list"));
    m_publicName = addField(tr("&Public name"), "publicNameField",
                            tr("Optional: what people type into their browser"));
    connect(m_login, &QComboBox::currentIndexChanged, this, &ServerDialog::update);
}

QWidget *ServerDialog::keyFileRow()
{
    auto *holder = new QWidget;
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(look::space::medium);
    m_keyFile = new QLineEdit;
    m_keyFile->setPlaceholderText(u"~/.ssh/id_ed25519"_s);
    nameWidget(m_keyFile, "keyFileField", tr("Key file"));
    auto *label = new Label(tr("&Key file"), Type::Small);
    label->tone("2")->setFixedWidth(110);
    label->setBuddy(m_keyFile);
    auto *browse = plainButton(tr("Choose…"), "chooseKeyFile");
    row->addWidget(label);
    row->addWidget(m_keyFile, 1);
    row->addWidget(browse);
    connect(m_keyFile, &QLineEdit::textChanged, this, &ServerDialog::update);
    connect(browse, &QPushButton::clicked, this, [this] {
        auto *dialog
            = new QFileDialog(this, tr("Choose a key file"), QDir::homePath() + u"/.ssh"_s);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setFilter(QDir::Files | QDir::Dirs | QDir::Hidden);
        connect(dialog, &QFileDialog::fileSelected, m_keyFile, &QLineEdit::setText);
        dialog->open();
    });
    return holder;
}

void ServerDialog::buildTest()
{
    m_stages = new StageBar;
    m_stages->setVisible(false);
    m_answer = new Label({}, Type::Body, QFont::DemiBold);
    m_answer->wrapped();
    nameWidget(m_answer, "testAnswer", tr("Result of the connection test"));
    m_answer->setVisible(false);
    m_next = new Label({}, Type::Small);
    m_next->wrapped()->tone("2");
    m_next->setVisible(false);
    body()->addSpacing(look::space::hair);
    body()->addWidget(m_stages);
    body()->addWidget(m_answer);
    body()->addWidget(m_next);
}

model::Server ServerDialog::typed() const
{
    model::Server server;
    server.id = m_id;
    server.host = m_host->text().trimmed();
    server.name = m_name->text().trimmed().isEmpty() ? server.host : m_name->text().trimmed();
    server.port = static_cast<quint16>(m_port->value());
    server.user = m_user->text().trimmed();
    server.login = static_cast<model::LoginMethod>(m_login->currentData().toInt());
    if (server.login == model::LoginMethod::KeyFile) {
        server.keyFile = m_keyFile->text().trimmed();
        if (server.keyFile.startsWith(u"~/"_s))
            server.keyFile = QDir::homePath() + server.keyFile.mid(1);
    }
    server.sudo = static_cast<model::SudoMethod>(m_sudo->currentData().toInt());
    server.group = m_group->text().trimmed();
    server.publicName = m_publicName->text().trimmed();
    return server;
}

void ServerDialog::fill(const model::Server &server)
{
    m_host->setText(server.host);
    m_port->setValue(server.port);
    m_user->setText(server.user);
    m_login->setCurrentIndex(m_login->findData(static_cast<int>(server.login)));
    m_keyFile->setText(server.keyFile);
    m_sudo->setCurrentIndex(m_sudo->findData(static_cast<int>(server.sudo)));
    m_name->setText(server.name);
    m_group->setText(server.group);
    m_publicName->setText(server.publicName);
}

void ServerDialog::update()
{
    const model::Server server = typed();
    m_keyRow->setVisible(server.login == model::LoginMethod::KeyFile);
    m_name->setPlaceholderText(server.host.isEmpty() ? tr("As you call it; the address if empty")
                                                     : server.host);
    const bool complete = !server.host.isEmpty() && !server.user.isEmpty()
        && !server.host.contains(u' ')
        && (server.login != model::LoginMethod::KeyFile || !server.keyFile.isEmpty());
    m_test->setEnabled(complete);
    m_save->setEnabled(complete && !m_testing);
    m_test->setText(m_testing ? tr("S&top test") : tr("&Test connection"));
}

void ServerDialog::say(const char *tone, const QString &text, const QString &next)
{
    m_answer->tone(tone)->setText(text);
    m_answer->setVisible(!text.isEmpty());
    m_next->setText(next);
    m_next->setVisible(!next.isEmpty());
}

void ServerDialog::test()
{
    if (m_testing) {
        m_stop.request_stop();
        return;
    }
    const model::Server server = typed();
    // What was typed for one account is never sent to another.
    if (!sameLogin(server, m_testedServer))
        m_credentials = {};
    m_testedServer = server;
    m_testing = true;
    m_stop = std::stop_source();
    m_stages->setVisible(true);
    m_stages->setRunning(base::Stage::Name);
    say("2", tr("Connecting…"));
    update();
    receive(m_backend.testConnection(requestFor(server, m_credentials), m_stop.get_token(),
                                     queuedTo(this,
                                              [this](const engine::Progress &progress) {
                                                  if (m_testing)
                                                      m_stages->setRunning(progress.stage);
                                              })),
            this, [this](engine::ConnectionReport report) { tested(std::move(report)); });
}

void ServerDialog::tested(engine::ConnectionReport report)
{
    m_testing = false;
    update();
    if (!report.failure) {
        // Described as it turned out to be, so that it is asked for at once next time.
        if (!m_credentials.sudoPassword.isEmpty()) {
            m_testedServer.sudo = model::SudoMethod::OtherPassword;
            m_sudo->setCurrentIndex(m_sudo->findData(static_cast<int>(m_testedServer.sudo)));
        }
        m_stages->setDone();
        say("pass", tr("Connected %1").arg(privilegeWords(report.privilege)), plain(report.banner));
        return;
    }
    const base::Error &error = report.failure->error;
    m_stages->setFailed(error.stage);
    if (error.kind == base::ErrorKind::Cancelled) {
        m_stages->clear();
        say("2", tr("Test stopped"));
        return;
    }
    const engine::Message message = messageOf(error);
    QStringList next{plain(message.next)};
    if (error.kind == base::ErrorKind::NoCommonAlgorithm) {
        next << tr("Server offers: %1").arg(plain(report.failure->serverOffer))
             << tr("We accept: %1").arg(plain(report.failure->ourOffer));
    }
    say("fail", plain(message.what), next.join(u'\n'));
    const bool canHelp
        = report.failure->hostKey || missingSecret(error, m_testedServer, m_credentials);
    if (!canHelp)
        return;
    askAbout(*report.failure, m_testedServer, m_credentials, m_backend, this, this,
             [this](Answer answer) {
                 if (answer == Answer::Again)
                     test();
             });
}

void ServerDialog::save()
{
    m_save->setEnabled(false);
    receive(m_backend.saveServer(typed()), this, [this](const base::Result<model::Server> &kept) {
        m_save->setEnabled(true);
        if (!kept) {
            const engine::Message message = messageOf(kept.error());
            say("fail", plain(message.what), plain(message.next));
            return;
        }
        if (!sameLogin(*kept, m_testedServer))
            m_credentials = {};
        emit saved(*kept);
        accept();
    });
}

} // namespace ui
