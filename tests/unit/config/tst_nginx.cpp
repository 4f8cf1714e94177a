#include "core/config/glob.h"
#include "core/config/nginx.h"
#include "core/config/nginxquery.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace Qt::StringLiterals;
using config::NginxDirective;
using config::NginxFile;
using config::parseNginx;
using config::parseNginxDump;

namespace {

using Words = std::vector<QByteArray>;

/// The first directive's name and arguments.
Words words(const QByteArray &text)
{
    const NginxFile file = parseNginx(text);
    if (file.directives.empty() || file.errorLine)
        return {};
    Words all{file.directives[0].name};
    all.insert(all.end(), file.directives[0].args.begin(), file.directives[0].args.end());
    return all;
}

/// An own writer: every word quoted, one space between words.
QByteArray written(const std::vector<NginxDirective> &directives)
{
    QByteArray text;
    const auto quoted = [](QByteArray word) {
        return QByteArray('"' + word.replace('\\', "\\\\").replace('"', "\\\"") + '"');
    };
    for (const NginxDirective &directive : directives) {
        text += quoted(directive.name);
        for (const QByteArray &arg : directive.args)
            text += ' ' + quoted(arg);
        text += directive.hasBlock ? QByteArray(" {\n" + written(directive.block) + "}\n")
                                   : ";\n"_ba;
    }
    return text;
}

std::vector<NginxDirective> madeTree(QRandomGenerator &random, int depth)
{
    std::vector<NginxDirective> directives;
    for (int i = random.bounded(4); i > 0; --i) {
        NginxDirective &directive = directives.emplace_back();
        const auto word = [&] {
            QByteArray text;
            for (int j = random.bounded(6); j > 0; --j)
                text += "ab ;{}\"'\\$#\n\tt"[random.bounded(14)];
            return text;
        };
        directive.name = word();
        for (int j = random.bounded(3); j > 0; --j)
            directive.args.push_back(word());
        directive.hasBlock = depth > 0 && random.bounded(2);
        if (directive.hasBlock)
            directive.block = madeTree(random, depth - 1);
    }
    return directives;
}

bool sameWords(const std::vector<NginxDirective> &a, const std::vector<NginxDirective> &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto &x, const auto &y) {
        return x.name == y.name && x.args == y.args && x.hasBlock == y.hasBlock
            && sameWords(x.block, y.block);
    });
}

/// Positions nest and grow, and lines agree with them. The last byte is only certain in a whole
/// file.
bool placesFit(const QByteArray &text,
               const std::vector<NginxDirective> &directives,
               qsizetype from,
               qsizetype to,
               bool whole)
{
    for (const NginxDirective &directive : directives) {
        const bool inside
            = directive.begin >= from && directive.end <= to && directive.begin < directive.end;
        if (!inside || directive.line != 1 + text.first(directive.begin).count('\n'))
            return false;
        if (whole && text[directive.end - 1] != (directive.hasBlock ? '}' : ';'))
            return false;
        if (!placesFit(text, directive.block, directive.begin, directive.end, whole))
            return false;
        from = directive.end;
    }
    return true;
}

config::NginxView view(const QByteArray &dump)
{
    return config::NginxView(parseNginxDump(dump));
}

QByteArray oneFile(const QByteArray &text)
{
    return "# test 0\n# configuration file /etc/nginx/nginx.conf:\n" + text;
}

} // namespace

class Nginx : public QObject
{
    Q_OBJECT

private slots:
    void readsWords_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<Words>("expected");
        QTest::newRow("plain") << "listen 443 ssl;"_ba << Words{"listen", "443", "ssl"};
        QTest::newRow("no space") << "a;"_ba << Words{"a"};
        QTest::newRow("lines") << "a\r\n b # not c ;\n d;"_ba << Words{"a", "b", "d"};
        QTest::newRow("double") << "a \"b ; { } # c\";"_ba << Words{"a", "b ; { } # c"};
        QTest::newRow("single") << "a 'b \"c\"';"_ba << Words{"a", "b \"c\""};
        QTest::newRow("empty") << "a '' \"\";"_ba << Words{"a", "", ""};
        QTest::newRow("escaped quote")
            << "a \"b \\\" c\" d\\;e;"_ba << Words{"a", "b \" c", "d\\;e"};
        QTest::newRow("escapes") << "a \\t\\n\\\\ \"\\r\\d\";"_ba << Words{"a", "\t\n\\", "\r\\d"};
        QTest::newRow("regex") << "rewrite ^/a\\.b(.*)$ $1 break;"_ba
                               << Words{"rewrite", "^/a\\.b(.*)$", "$1", "break"};
        QTest::newRow("variable") << "a ${b}c$d;"_ba << Words{"a", "${b}c$d"};
        QTest::newRow("hash inside") << "a b#c;"_ba << Words{"a", "b#c"};
        QTest::newRow("quote inside") << "a b\"c\"d;"_ba << Words{"a", "b\"c\"d"};
        QTest::newRow("brace inside") << "a b}c;"_ba << Words{"a", "b}c"};
        QTest::newRow("if") << "if ($a = \"b\") { }"_ba << Words{"if", "($a", "=", "b", ")"};
    }

    void readsWords()
    {
        QFETCH(QByteArray, text);
        QFETCH(Words, expected);
        QCOMPARE(words(text), expected);
    }

    void stopsWhereItDoesNotUnderstand_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("line");
        QTest::newRow("no end") << "a;\nb"_ba << 2;
        QTest::newRow("open block") << "a {\n b;\n"_ba << 3;
        QTest::newRow("stray brace") << "a;\n}\n"_ba << 2;
        QTest::newRow("stray semicolon") << "\n\n;"_ba << 3;
        QTest::newRow("nameless block") << "{ }"_ba << 1;
        QTest::newRow("open quote") << "a \"b;\n"_ba << 2;
        QTest::newRow("glued quote") << "a \"b\"c;"_ba << 1;
        QTest::newRow("brace for semicolon") << "a { b }"_ba << 1;
        QTest::newRow("too deep") << QByteArray("a{").repeated(100) + QByteArray(100, '}') << 1;
    }

    void stopsWhereItDoesNotUnderstand()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, line);
        QCOMPARE(parseNginx(text).errorLine, std::optional(line));
    }

    void keepsWhatStandsBeforeAnError()
    {
        const NginxFile file = parseNginx("a 1;\nb {\n c 2;\n \"d");
        QCOMPARE(file.directives.size(), std::size_t(2));
        QCOMPARE(file.directives[1].block.size(), std::size_t(1));
        QVERIFY(!parseNginx("").errorLine && !parseNginx("# only\n").errorLine);
        const QByteArray deep = QByteArray("a{").repeated(config::nginxDepthLimit)
            + QByteArray(config::nginxDepthLimit, '}');
        QVERIFY(!parseNginx(deep).errorLine);
    }

    void roundTripOfRandomTrees()
    {
        QRandomGenerator random(3);
        for (int round = 0; round < 1500; ++round) {
            const std::vector<NginxDirective> tree = madeTree(random, 4);
            const QByteArray text = written(tree);
            const NginxFile file = parseNginx(text);
            QVERIFY2(!file.errorLine && sameWords(file.directives, tree), text.constData());
            QVERIFY2(placesFit(text, file.directives, 0, text.size(), true), text.constData());
        }
    }

    void randomBytesNeverCrash()
    {
        QRandomGenerator random(4);
        for (int round = 0; round < 20000; ++round) {
            QByteArray text;
            for (int i = random.bounded(60); i > 0; --i)
                text += "a \n;{}\"'\\$#{(:"[random.bounded(14)];
            const NginxFile file = parseNginx(text);
            QVERIFY2(placesFit(text, file.directives, 0, text.size(), !file.errorLine),
                     text.constData());
        }
    }

    void timeIsLinear()
    {
        QElapsedTimer timer;
        timer.start();
        for (const QByteArray &part : {"a{"_ba, "\""_ba, "\\"_ba, "a "_ba, "#"_ba, "a;"_ba, "}"_ba})
            parseNginx(part.repeated(1'000'000));
        parseNginxDump(QByteArray("# configuration file /a:\n").repeated(40'000));
        QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed())));
    }

    void splitsDumps()
    {
        const auto dump
            = parseNginxDump("# test 0\n# configuration file /etc/nginx/nginx.conf:\nhttp { }\n\n"
                             "# configuration file /etc/nginx/mime.types:\r\ntypes { }\n");
        QCOMPARE(dump.files.size(), std::size_t(2));
        QCOMPARE(dump.files[1].path, "/etc/nginx/mime.types"_ba);
        QCOMPARE(dump.files[1].directives[0].name, "types"_ba);
        QCOMPARE(dump.testPassed, std::optional(true));
        QVERIFY(!dump.damaged());
        QCOMPARE(parseNginxDump("# test 1\n").testPassed, std::optional(false));
        QCOMPARE(parseNginxDump("nginx: configuration file x test is successful\n").testPassed,
                 std::optional(true));
        QCOMPARE(parseNginxDump("nginx: configuration file x test failed\n").testPassed,
                 std::optional(false));
        QVERIFY(!parseNginxDump("http { }\n").testPassed);
        QVERIFY(parseNginxDump("# configuration file /a:\n}\n").damaged());
    }

    void headersAreInheritedOnlyWhereNoneIsOwn()
    {
        const auto conf
            = view(oneFile("http { add_header A 1; server {\n"
                           "  add_header B 2 always; add_header C 3;\n"
                           "  location /plain { proxy_pass http://x; }\n"
                           "  location /own { add_header D 4; location /own/deep { } }\n"
                           "} server { } }\n"));
        const auto servers = conf.servers();
        QCOMPARE(servers.size(), std::size_t(2));
        const auto locations = conf.locations(*servers[0].node);
        QCOMPARE(locations.size(), std::size_t(3));
        const auto names = [](const config::NginxNode &node) {
            QByteArray all;
            for (const config::NginxHeader &header : headersInEffect(node))
                all += header.name + (header.always ? '!' : ' ');
            return all;
        };
        QCOMPARE(names(*servers[0].node), "B!C "_ba);
        QCOMPARE(names(*locations[0]), "B!C "_ba);
        QCOMPARE(names(*locations[1]), "D "_ba);
        QCOMPARE(names(*locations[2]), "D "_ba);
        QCOMPARE(names(*servers[1].node), "A "_ba);
        QCOMPARE(servers[1].listens.at(0).port, 80);
        QCOMPARE(servers[1].listens.at(0).address, "*"_ba);
    }

    void listens_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("address");
        QTest::addColumn<int>("port");
        QTest::newRow("port") << "8443"_ba << "*"_ba << 8443;
        QTest::newRow("all") << "*:81"_ba << "*"_ba << 81;
        QTest::newRow("v4") << "127.0.0.1:82"_ba << "127.0.0.1"_ba << 82;
        QTest::newRow("v4 alone") << "127.0.0.1"_ba << "127.0.0.1"_ba << 80;
        QTest::newRow("v6") << "[::]:443"_ba << "[::]"_ba << 443;
        QTest::newRow("v6 alone") << "[::1]"_ba << "[::1]"_ba << 80;
        QTest::newRow("name") << "localhost:83"_ba << "localhost"_ba << 83;
        QTest::newRow("unix") << "unix:/run/a:b"_ba << "unix:/run/a:b"_ba << 0;
    }

    void listens()
    {
        QFETCH(QByteArray, text);
        const auto conf = view(oneFile("http { server { listen " + text
                                       + " ssl http2 default_server;\n"
                                         "server_name a.example.org b.example.org; } }"));
        const config::NginxServer server = conf.servers().at(0);
        const config::NginxListen listen = server.listens.at(0);
        QTEST(listen.address, "address");
        QTEST(int(listen.port), "port");
        QVERIFY(listen.ssl && listen.http2 && listen.defaultServer && !listen.quic);
        QCOMPARE(server.names, (Words{"a.example.org", "b.example.org"}));
    }

    void includesAreInTheirPlace()
    {
        const QByteArray main = "http { ssl_protocols TLSv1.2; include conf.d/*.conf; include "
                                "/srv/site; server_tokens off; }\n";
        const QByteArray dump = oneFile(main)
            + "# configuration file /etc/nginx/conf.d/a.conf:\nserver { listen 81; }\n"
              "# configuration file /etc/nginx/conf.d/.hidden.conf:\nserver { listen 82; }\n"
              "# configuration file /etc/nginx/conf.d/sub/b.conf:\nserver { listen 83; }\n"
              "# configuration file /srv/site:\nserver { listen 84; ssl_protocols TLSv1.3; }\n";
        const auto conf = view(dump);
        QVERIFY(conf.complete());
        const auto servers = conf.servers();
        QCOMPARE(servers.size(), std::size_t(2));
        QCOMPARE(servers[0].listens[0].port, 81);
        QCOMPARE(servers[0].node->file->path, "/etc/nginx/conf.d/a.conf"_ba);
        QCOMPARE(valueInEffect(*servers[0].node, "ssl_protocols"), std::optional("TLSv1.2"_ba));
        QCOMPARE(valueInEffect(*servers[1].node, "ssl_protocols"), std::optional("TLSv1.3"_ba));
        QCOMPARE(valueInEffect(*servers[1].node, "server_tokens"), std::optional("off"_ba));
        QVERIFY(!valueInEffect(*servers[1].node, "ssl_ciphers"));
    }

    void missingPartsAreSaid()
    {
        QVERIFY(view(oneFile("http { include none/*.conf; }")).complete());
        QVERIFY(!view(oneFile("http { include none.conf; }")).complete());
        QVERIFY(!view(oneFile("http { ")).complete());
        QVERIFY(view({}).servers().empty());
    }

    void includeBombsEnd()
    {
        QElapsedTimer timer;
        timer.start();
        QByteArray dump = oneFile("include /b0; include /b0;\n");
        for (int i = 0; i < 60; ++i) {
            const QByteArray next = QByteArray::number(i + 1);
            dump += "# configuration file /b" + QByteArray::number(i) + ":\ninclude /b" + next
                + "; include /b" + next + ";\n";
        }
        dump += "# configuration file /self:\ninclude /self;\n";
        QVERIFY(!view(dump).complete());
        QByteArray stars = oneFile(QByteArray("include /*a*a*a*a*a*a*b;\n").repeated(3000));
        for (int i = 0; i < 3000; ++i)
            stars += "# configuration file /" + QByteArray(200, 'a') + ":\n";
        QVERIFY(!view(stars).complete());
        QByteArray passes = oneFile(
            "http { server { set $a http://b; " + QByteArray("proxy_pass $a; ").repeated(20000)
            + "} upstream b { " + QByteArray("server c; ").repeated(5000) + "} }");
        view(passes).proxyTargets();
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    void proxyTargets()
    {
        const auto conf = view(oneFile(
            "http { upstream up { server 127.0.0.1:8000; server [::1]:8001 backup; }\n"
            "server { set $cloud \"http://AppFlowy_cloud:8000\"; location /a { proxy_pass $cloud; "
            "}\n"
            " location /b { proxy_pass https://up/x; } location /c { proxy_pass http://[::1]:9/; "
            "}\n"
            " location /d { proxy_pass http://gotrue; } location /e { proxy_pass $unknown; } } }"));
        QByteArray all;
        for (const config::NginxProxyTarget &target : conf.proxyTargets())
            all += target.host + ' ' + QByteArray::number(target.port) + '\n';
        QCOMPARE(all, "appflowy_cloud 8000\n127.0.0.1 8000\n::1 8001\n::1 9\ngotrue 80\n 80\n"_ba);
    }

    void globs_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<bool>("expected");
        const auto row = [](const char *pattern, const char *path, bool expected) {
            QTest::addRow("%s on %s", pattern, path)
                << QByteArray(pattern) << QByteArray(path) << expected;
        };
        row("/a/*.conf", "/a/b.conf", true);
        row("/a/*.conf", "/a/b/c.conf", false);
        row("/a/*.conf", "/a/.conf", false);
        row("/a/.*", "/a/.b", true);
        row("/a/*", "/a/", true);
        row("/a/b?d", "/a/bcd", true);
        row("/a/b?d", "/a/bd", false);
        row("/a/[bc]d", "/a/cd", true);
        row("/a/[!bc]d", "/a/cd", false);
        row("/a/[a-c]d", "/a/bd", true);
        row("/a/[]x]", "/a/]", true);
        row("/a/[b", "/a/[b", true);
        row("/*/x*y*z", "/a/xayaz", true);
        row("/*/x*y*z", "/a/xayaw", false);
        row("/a", "/a/", false);
    }

    void globs()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, path);
        QFETCH(bool, expected);
        qint64 budget = 10000;
        QCOMPARE(config::globMatches(pattern, path, budget), expected);
        qint64 none = 1;
        QVERIFY(!config::globMatches(pattern, path, none));
    }
};

QTEST_APPLESS_MAIN(Nginx)
#include "tst_nginx.moc"
