// Compares every #include in core/, ui/ and app/ with what the layer declares (flowkeep_layer in
// CMake), and holds the rules that no linker enforces: a target that links only QtCore still
// compiles <QWidget>.

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

struct Layer
{
    QSet<QString> layers; ///< project layers, with those they publish
    QSet<QString> libs; ///< e.g. "Qt6::Core"
};

struct Include
{
    QString file; ///< relative to the checkout
    int line = 0;
    QString header;
    bool quoted = false;
};

/// "name|base,model|Qt6::Core" a line.
QHash<QString, Layer> declaredLayers()
{
    QHash<QString, Layer> direct;
    QFile file(QStringLiteral(LAYERS_FILE));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    for (const QByteArray &line : file.readAll().split('\n')) {
        const QList<QString> parts = QString::fromUtf8(line).split(u'|');
        if (parts.size() != 3)
            continue;
        Layer layer;
        for (const QString &each : parts[1].split(u',', Qt::SkipEmptyParts))
            layer.layers.insert(each);
        for (const QString &each : parts[2].split(u',', Qt::SkipEmptyParts))
            layer.libs.insert(each);
        direct.insert(parts[0], layer);
    }
    return direct;
}

QList<Include> includesBelow(const QString &folder)
{
    static const QRegularExpression pattern(uR"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"_s);
    const QDir root(QStringLiteral(FLOWKEEP_SOURCE_DIR));
    QList<Include> found;
    QDirIterator files(root.filePath(folder), {u"*.h"_s, u"*.cpp"_s}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        int number = 0;
        for (const QByteArray &line : file.readAll().split('\n')) {
            ++number;
            const auto match = pattern.match(QString::fromUtf8(line));
            if (match.hasMatch()) {
                found.append({root.relativeFilePath(file.fileName()), number, match.captured(2),
                              match.captured(1) == u"\""});
            }
        }
    }
    return found;
}

/// core/facts/x.h -> facts; ui/... -> ui; empty for anything else.
QString layerOf(const QString &path)
{
    const QList<QString> parts = path.split(u'/');
    if (parts.size() > 2 && parts[0] == u"core")
        return parts[1];
    return parts.size() > 1 && (parts[0] == u"ui" || parts[0] == u"app") ? parts[0] : QString();
}

/// "QtCore/QString", "QString" -> the modules that have such a header.
QStringList qtModulesOf(const QString &header)
{
    static const QStringList folders
        = QDir(QStringLiteral(QT_HEADERS)).entryList({u"Qt*"_s}, QDir::Dirs);
    if (header.startsWith(u"Qt"_s) && header.contains(u'/'))
        return {header.section(u'/', 0, 0)};
    QStringList modules;
    for (const QString &folder : folders) {
        if (QFile::exists(QStringLiteral(QT_HEADERS) % u'/' % folder % u'/' % header))
            modules.append(folder);
    }
    return modules;
}

} // namespace

class TestArchitecture : public QObject
{
    Q_OBJECT

private:
    QHash<QString, Layer> m_layers;
    QStringList m_complaints;

    void complain(const Include &include, const QString &why)
    {
        m_complaints.append(u"%1:%2 includes %3: %4"_s.arg(include.file)
                                .arg(include.line)
                                .arg(include.header, why));
    }

    /// A layer's libraries with those of the layers it may use.
    QSet<QString> libsOf(const QString &name) const
    {
        QSet<QString> all = m_layers.value(name).libs;
        for (const QString &each : m_layers.value(name).layers)
            all |= libsOf(each);
        return all;
    }

private slots:
    void initTestCase()
    {
        m_layers = declaredLayers();
        QVERIFY2(m_layers.size() >= 3, "layers.txt is missing or empty: configure again");
        QVERIFY(QDir(QStringLiteral(QT_HEADERS)).exists());
    }

    void init() { m_complaints.clear(); }

    void projectHeadersAreDeclared()
    {
        int seen = 0;
        for (const Include &include : includesBelow(u"core"_s) + includesBelow(u"ui"_s)) {
            if (!include.quoted)
                continue;
            ++seen;
            const QString from = layerOf(include.file);
            const QString to = layerOf(include.header);
            if (to.isEmpty())
                complain(include, u"project headers are named from the checkout's root"_s);
            else if (to != from && !m_layers.value(from).layers.contains(to))
                complain(include, u"layer %1 does not declare %2"_s.arg(from, to));
        }
        QVERIFY(seen > 10);
        QVERIFY2(m_complaints.isEmpty(), qPrintable(m_complaints.join(u'\n')));
    }

    void qtModulesAreDeclared()
    {
        int seen = 0;
        for (const Include &include : includesBelow(u"core"_s) + includesBelow(u"ui"_s)) {
            if (include.quoted || !include.header.startsWith(u'Q'))
                continue;
            const QStringList modules = qtModulesOf(include.header);
            if (modules.isEmpty())
                continue;
            ++seen;
            const QSet<QString> libs = libsOf(layerOf(include.file));
            const bool declared = std::ranges::any_of(modules, [&](const QString &module) {
                return libs.contains(u"Qt6::"_s % module.mid(2));
            });
            if (!declared)
                complain(include, u"no declared library has it (%1)"_s.arg(modules.join(u", "_s)));
        }
        QVERIFY(seen > 10);
        QVERIFY2(m_complaints.isEmpty(), qPrintable(m_complaints.join(u'\n')));
    }

    void foreignLibrariesStayInTheirRooms_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QStringList>("allowed");
        QTest::newRow("libssh2") << u"^libssh2"_s << QStringList{u"core/transport/"_s};
        QTest::newRow("openssl") << u"^openssl/"_s
                                 << QStringList{u"core/base/"_s, u"core/config/"_s,
                                                u"core/transport/"_s, u"core/probe/"_s};
        QTest::newRow("sql") << u"^(QtSql/|QSql|sqlite)"_s << QStringList{u"core/store/"_s};
        QTest::newRow("keychain") << u"^qt6keychain/"_s << QStringList{u"app/"_s};
        QTest::newRow("sockets") << u"^(sys/socket|netdb|poll|netinet/)"_s
                                 << QStringList{u"core/transport/"_s, u"core/probe/"_s, u"app/"_s};
        QTest::newRow("network access")
            << u"^(QtNetwork/|QNetwork|QTcpSocket|QSslSocket|QHostInfo)"_s
            << QStringList{u"core/probe/"_s};
    }

    void foreignLibrariesStayInTheirRooms()
    {
        QFETCH(const QString, pattern);
        QFETCH(const QStringList, allowed);
        const QRegularExpression header(pattern);
        for (const Include &include :
             includesBelow(u"core"_s) + includesBelow(u"ui"_s) + includesBelow(u"app"_s)) {
            const bool inRoom = std::ranges::any_of(
                allowed, [&](const QString &room) { return include.file.startsWith(room); });
            if (!inRoom && header.match(include.header).hasMatch())
                complain(include, u"only %1 may"_s.arg(allowed.join(u", "_s)));
        }
        QVERIFY2(m_complaints.isEmpty(), qPrintable(m_complaints.join(u'\n')));
    }

    /// Nobody waits inside an event loop: that is how "closed while applying" bugs are born.
    void noNestedEventLoops()
    {
        static const QRegularExpression forbidden(
            uR"(QEventLoop|processEvents|(\.|->)exec\(\)|waitForFinished)"_s);
        QDirIterator files(QStringLiteral(FLOWKEEP_SOURCE_DIR), {u"*.h"_s, u"*.cpp"_s}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path
                = QDir(QStringLiteral(FLOWKEEP_SOURCE_DIR)).relativeFilePath(files.next());
            if (!path.startsWith(u"core/"_s) && !path.startsWith(u"ui/"_s))
                continue;
            QFile file(files.filePath());
            QVERIFY(file.open(QIODevice::ReadOnly));
            int number = 0;
            for (const QByteArray &line : file.readAll().split('\n')) {
                ++number;
                if (line.contains("query") || line.trimmed().startsWith("//"))
                    continue;
                if (forbidden.match(QString::fromUtf8(line)).hasMatch())
                    m_complaints.append(u"%1:%2"_s.arg(path).arg(number));
            }
        }
        QVERIFY2(m_complaints.isEmpty(), qPrintable(m_complaints.join(u'\n')));
    }
};

QTEST_APPLESS_MAIN(TestArchitecture)
#include "tst_architecture.moc"
