#include "core/look/icons.h"
#include "core/look/painters.h"
#include "core/look/tokens.h"
#include "core/look/verdictlook.h"

#include <QDirIterator>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QSet>
#include <QTest>

#include <cmath>

using namespace Qt::StringLiterals;
using look::Role;
using look::Theme;

namespace {

double channel(int value)
{
    const double v = value / 255.0;
    return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
}

double luminance(QRgb c)
{
    return 0.2126 * channel(qRed(c)) + 0.7152 * channel(qGreen(c)) + 0.0722 * channel(qBlue(c));
}

/// WCAG 2 contrast ratio.
double contrast(QRgb a, QRgb b)
{
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

const std::array surfaces{Role::Base, Role::Window, Role::Sunken, Role::Hover, Role::Sel};
const std::array themes{Theme::Light, Theme::Dark};

QImage blank(int width, int height)
{
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    return image;
}

int count(const QImage &image, QRgb wanted)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += image.pixel(x, y) == wanted;
    }
    return found;
}

model::Finding finding(model::Verdict verdict, std::optional<model::Reach> reach)
{
    model::Finding made;
    made.verdict = verdict;
    made.reach = reach;
    made.reachChain = {{model::Reach::Written, true, model::say(".env line 84"), {}},
                       {model::Reach::Delivered, false, model::say("not in gotrue"), {}},
                       {model::Reach::Honoured, false, model::say("nothing reads it"), {}}};
    return made;
}

QString english(const char *text, int)
{
    return QString::fromUtf8(text);
}

} // namespace

class TestLook : public QObject
{
    Q_OBJECT

private slots:
    void contrastIsComputedRight();
    void textIsReadableOnEverySurface();
    void graphicsAreVisibleOnEverySurface();
    void wordsAreReadableOnTheirSoftFill();
    void namesAreUnique();
    void everyIconRenders_data();
    void everyIconRenders();
    void iconsFollowToneAndBackground();
    void iconsAreSharpAtEveryRatio();
    void verdictIconsExist();
    void ringSharesAreSeen();
    void barMirrors();
    void brokenLinkFollowsTheVerdict();
    void reachWordsThatDoNotFitAreFound();
    void reachWordsAreMeasuredOnTheirDevice();
};

void TestLook::contrastIsComputedRight()
{
    QCOMPARE(qRound(contrast(qRgb(0, 0, 0), qRgb(255, 255, 255)) * 10), 210);
    QCOMPARE(qRound(contrast(qRgb(0x77, 0x77, 0x77), qRgb(255, 255, 255)) * 100), 448);
}

void TestLook::textIsReadableOnEverySurface()
{
    for (const Theme theme : themes) {
        for (const Role role : {Role::Text, Role::Text2, Role::Text3, Role::Accent, Role::Pass,
                                Role::Fail, Role::Warn, Role::Neutral}) {
            for (const Role surface : surfaces) {
                const double ratio = contrast(look::rgb(theme, role), look::rgb(theme, surface));
                QVERIFY2(ratio >= 4.5,
                         qPrintable(u"%1 on %2: %3"_s
                                        .arg(QLatin1StringView(look::swatch(role).name),
                                             QLatin1StringView(look::swatch(surface).name))
                                        .arg(ratio)));
            }
        }
        QVERIFY(contrast(look::rgb(theme, Role::OnAccentFill), look::rgb(theme, Role::AccentFill))
                >= 4.5);
        QVERIFY(contrast(look::rgb(theme, Role::Accent), look::rgb(theme, Role::AccentSoft))
                >= 4.5);
        for (const Role gutter : {Role::Add, Role::AddStrong, Role::Rem, Role::RemStrong})
            QVERIFY(contrast(look::rgb(theme, Role::Text2), look::rgb(theme, gutter)) >= 4.5);
    }
}

void TestLook::graphicsAreVisibleOnEverySurface()
{
    for (const Theme theme : themes) {
        for (const Role role :
             {Role::Control, Role::PassGlyph, Role::FailGlyph, Role::WarnGlyph, Role::Neutral}) {
            for (const Role surface : surfaces) {
                const double ratio = contrast(look::rgb(theme, role), look::rgb(theme, surface));
                QVERIFY2(ratio >= 3.0,
                         qPrintable(u"%1 on %2: %3"_s
                                        .arg(QLatin1StringView(look::swatch(role).name),
                                             QLatin1StringView(look::swatch(surface).name))
                                        .arg(ratio)));
            }
        }
    }
}

void TestLook::wordsAreReadableOnTheirSoftFill()
{
    for (const Theme theme : themes) {
        for (int v = 0; v <= static_cast<int>(model::Verdict::NotApplicable); ++v) {
            const look::VerdictLook shown = look::verdictLook(static_cast<model::Verdict>(v));
            QVERIFY(contrast(look::rgb(theme, shown.word), look::rgb(theme, shown.soft)) >= 4.5);
        }
    }
}

void TestLook::namesAreUnique()
{
    QSet<QByteArray> names;
    for (const look::Swatch &swatch : look::swatches)
        names.insert(swatch.name);
    QCOMPARE(names.size(), static_cast<qsizetype>(look::roleCount));
}

void TestLook::everyIconRenders_data()
{
    QTest::addColumn<QString>("name");
    QDirIterator files(u":/icons"_s);
    int found = 0;
    while (files.hasNext()) {
        const QString name = QFileInfo(files.next()).completeBaseName();
        QTest::newRow(qPrintable(name)) << name;
        ++found;
    }
    QVERIFY(found > 40);
}

void TestLook::everyIconRenders()
{
    QFETCH(QString, name);
    const QPixmap pixmap = look::iconPixmap(name, 18, 1.0, qRgb(200, 0, 0), qRgb(255, 255, 255));
    const QImage image = pixmap.toImage();
    int inked = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            inked += qAlpha(image.pixel(x, y)) > 128;
    }
    QVERIFY2(inked > 5, qPrintable(name));
}

void TestLook::iconsFollowToneAndBackground()
{
    QImage image = blank(48, 48);
    QPainter painter(&image);
    look::paintIcon(painter, QRectF(0, 0, 48, 48), u"pass"_s, Qt::red, Qt::blue);
    painter.end();
    QVERIFY(count(image, qRgb(255, 0, 0)) > 500);
    QVERIFY(count(image, qRgb(0, 0, 255)) > 20); // the tick

    QImage white = blank(48, 48);
    white.fill(Qt::black);
    QPainter onBlack(&white);
    look::paintIcon(onBlack, QRectF(0, 0, 48, 48), u"pass"_s, Qt::white, Qt::blue);
    onBlack.end();
    QVERIFY(count(white, qRgb(255, 255, 255)) > 500);

    look::setWindowTheme(Theme::Light);
    const QIcon icon = look::icon(u"plus"_s, Role::Text);
    const QImage light = icon.pixmap(16, 16).toImage();
    look::setWindowTheme(Theme::Dark);
    const QImage dark = icon.pixmap(16, 16).toImage();
    look::setWindowTheme(Theme::Light);
    QVERIFY(light != dark);
    QVERIFY(light != icon.pixmap(QSize(16, 16), QIcon::Disabled).toImage());
}

void TestLook::iconsAreSharpAtEveryRatio()
{
    for (const qreal ratio : {1.0, 1.25, 1.5, 2.0}) {
        const QPixmap pixmap = look::iconPixmap(u"pass"_s, 16, ratio, qRgb(0, 0, 0), qRgb(9, 9, 9));
        QCOMPARE(pixmap.width(), qRound(16 * ratio));
        QCOMPARE(pixmap.devicePixelRatio(), ratio);
    }
    const QPixmap scaled = look::icon(u"plus"_s).pixmap(QSize(16, 16), 2.0);
    QCOMPARE(scaled.size(), QSize(32, 32));
    QCOMPARE(scaled.devicePixelRatio(), 2.0);
}

void TestLook::verdictIconsExist()
{
    for (int v = 0; v <= static_cast<int>(model::Verdict::NotApplicable); ++v) {
        const look::VerdictLook shown = look::verdictLook(static_cast<model::Verdict>(v));
        QVERIFY(QFile::exists(u":/icons/"_s + shown.icon + u".svg"_s));
    }
}

void TestLook::ringSharesAreSeen()
{
    const look::Shares shares{30, 10, 50, 5, 5};
    QImage image = blank(124, 124);
    QPainter painter(&image);
    look::paintRing(painter, QRectF(0, 0, 124, 124), 10, shares, Theme::Light);
    painter.end();
    const int pass = count(image, look::rgb(Theme::Light, Role::PassGlyph));
    const int fail = count(image, look::rgb(Theme::Light, Role::FailGlyph));
    const int warn = count(image, look::rgb(Theme::Light, Role::WarnGlyph));
    QVERIFY(pass > 0 && warn > 0);
    QVERIFY(fail > pass && pass > warn);
    // Half past one o'clock lies in the first, green arc; nine o'clock in the red one.
    QCOMPARE(image.pixel(102, 22), look::rgb(Theme::Light, Role::PassGlyph));
    QCOMPARE(image.pixel(5, 62), look::rgb(Theme::Light, Role::FailGlyph));

    QImage never = blank(124, 124);
    QPainter second(&never);
    look::paintRing(second, QRectF(0, 0, 124, 124), 10, {}, Theme::Light);
    second.end();
    QCOMPARE(count(never, look::rgb(Theme::Light, Role::PassGlyph)), 0);
    QVERIFY(never != blank(124, 124));
}

void TestLook::barMirrors()
{
    const look::Shares shares{1, 0, 1, 0, 0};
    QImage ltr = blank(100, 4);
    QImage rtl = blank(100, 4);
    QPainter first(&ltr);
    look::paintStackBar(first, QRectF(0, 0, 100, 4), shares, Theme::Light);
    first.end();
    QPainter second(&rtl);
    look::paintStackBar(second, QRectF(0, 0, 100, 4), shares, Theme::Light, true);
    second.end();
    QCOMPARE(ltr.pixel(20, 2), look::rgb(Theme::Light, Role::PassGlyph));
    QCOMPARE(ltr.pixel(80, 2), look::rgb(Theme::Light, Role::FailGlyph));
    QCOMPARE(rtl.pixel(20, 2), look::rgb(Theme::Light, Role::FailGlyph));
    QCOMPARE(rtl.pixel(80, 2), look::rgb(Theme::Light, Role::PassGlyph));
}

void TestLook::brokenLinkFollowsTheVerdict()
{
    const auto word = [](model::Reach reach) { return model::word(reach); };
    using model::Reach;
    using model::Verdict;

    const auto lost = look::reachViewOf(finding(Verdict::Fail, Reach::Written), word, english);
    QVERIFY(lost);
    QCOMPARE(lost->broken, 2);
    QCOMPARE(lost->notes[1], u".env line 84"_s);
    QCOMPARE(lost->notes[2], u"not in gotrue"_s);
    QVERIFY(lost->notes[3].isEmpty());

    const auto wrongValue
        = look::reachViewOf(finding(Verdict::Fail, Reach::Honoured), word, english);
    QCOMPARE(wrongValue->broken, -1);
    const auto passed = look::reachViewOf(finding(Verdict::Pass, Reach::Proven), word, english);
    QCOMPARE(passed->broken, -1);
    QVERIFY(passed->passed);
    QVERIFY(!look::reachViewOf(finding(Verdict::Fail, std::nullopt), word, english));
    QVERIFY(!look::reachViewOf(finding(Verdict::NotApplicable, Reach::Absent), word, english));
}

void TestLook::reachWordsThatDoNotFitAreFound()
{
    look::ReachView view;
    view.words = {u"Absent"_s, u"Written"_s, u"Delivered"_s, u"Honoured"_s, u"Proven"_s};
    const QFont font = QGuiApplication::font();
    QVERIFY(look::reachWordsFit(view, 1000, font, font));
    QVERIFY(!look::reachWordsFit(view, 100, font, font));
    view.notes[2] = QString(200, u'x');
    QVERIFY(!look::reachWordsFit(view, 1000, font, font));
    view.notes[2] = u"not in gotrue"_s;
    view.reach = model::Reach::Written;
    view.broken = 2;
    QCOMPARE(look::reachSentence(view), u"Written. Delivered: not in gotrue."_s);
}

/// A printer has ten times as many dots as a screen.
void TestLook::reachWordsAreMeasuredOnTheirDevice()
{
    look::ReachView view;
    view.reach = model::Reach::Written;
    view.words = {u"Absent"_s, u"Written"_s, u"Delivered"_s, u"Honoured"_s, u"Proven"_s};
    view.notes[1] = u".env line 84"_s;
    QImage page(5500, 560, QImage::Format_RGB32); // 330 points at 1200 dpi
    page.setDotsPerMeterX(47244);
    page.setDotsPerMeterY(47244);
    page.fill(Qt::white);
    QFont font = QGuiApplication::font();
    font.setPointSizeF(6.6);
    QVERIFY(look::reachWordsFit(view, page.width(), font, font, &page));
    QVERIFY(!look::reachWordsFit(view, page.width() / 4.0, font, font, &page));
    QPainter painter(&page);
    look::paintReachBar(painter, page.rect(), view, 100, true, font, font, look::Theme::Light);
    painter.end();
    // Below the nodes there are two lines of words with white between them.
    int lines = 0;
    bool before = false;
    for (int y = 105; y < page.height(); ++y) {
        bool ink = false;
        for (int x = 1100; x < 2200; ++x)
            ink = ink || qGray(page.pixel(x, y)) < 200;
        lines += ink && !before ? 1 : 0;
        before = ink;
    }
    QCOMPARE(lines, 2);
}

QTEST_MAIN(TestLook)
#include "tst_look.moc"
