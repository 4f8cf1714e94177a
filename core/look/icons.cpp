#include "core/look/icons.h"

#include <QCache>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QMutex>
#include <QPainter>
#include <QSvgRenderer>

namespace look {

using namespace Qt::StringLiterals;

namespace {

Theme theTheme = Theme::Light;

/// Windows and reports ask for it on threads of their own.
QByteArray source(const QString &name)
{
    static QMutex mutex;
    static QHash<QString, QByteArray> sources;
    const QMutexLocker lock(&mutex);
    const auto known = sources.constFind(name);
    if (known != sources.cend())
        return *known;
    QFile file(u":/icons/"_s + name + u".svg"_s);
    Q_ASSERT_X(file.exists(), "look::icon", qPrintable(name));
    return *sources.insert(name, file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
}

QByteArray coloured(const QString &name, const QColor &tone, const QColor &behind)
{
    QByteArray svg = source(name);
    // In this order: the tone itself may be white.
    svg.replace("#ffffff", behind.name().toLatin1());
    svg.replace("currentColor", tone.name().toLatin1());
    return svg;
}

struct CacheKey
{
    QString name;
    int size;
    int ratio; // percent
    QRgb tone;
    QRgb behind;

    friend bool operator==(const CacheKey &, const CacheKey &) = default;
    friend size_t qHash(const CacheKey &key, size_t seed)
    {
        return qHashMulti(seed, key.name, key.size, key.ratio, key.tone, key.behind);
    }
};

class Engine : public QIconEngine
{
public:
    Engine(QString name, Role tone, Role behind)
        : m_name(std::move(name))
        , m_tone(tone)
        , m_behind(behind)
    { }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const qreal ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, picture(rect.size(), ratio, mode));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return picture(size, 1.0, mode);
    }

    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        // Qt asks for device pixels here and expects a picture of exactly that many.
        QPixmap scaled = picture(size / scale, scale, mode);
        scaled.setDevicePixelRatio(1.0);
        return scaled;
    }

    QIconEngine *clone() const override { return new Engine(m_name, m_tone, m_behind); }

private:
    QPixmap picture(const QSize &size, qreal ratio, QIcon::Mode mode) const
    {
        const Role tone = mode == QIcon::Disabled ? Role::Control : m_tone;
        return iconPixmap(m_name, qMin(size.width(), size.height()), ratio, rgb(theTheme, tone),
                          rgb(theTheme, m_behind));
    }

    QString m_name;
    Role m_tone;
    Role m_behind;
};

} // namespace

Theme windowTheme()
{
    return theTheme;
}

void setWindowTheme(Theme theme)
{
    theTheme = theme;
}

void paintIcon(QPainter &painter,
               const QRectF &rect,
               const QString &name,
               const QColor &tone,
               const QColor &behind)
{
    QSvgRenderer renderer(coloured(name, tone, behind));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, rect);
    painter.restore();
}

QPixmap iconPixmap(const QString &name, int size, qreal ratio, QRgb tone, QRgb behind)
{
    static QCache<CacheKey, QPixmap> cache(500);
    const CacheKey key{name, size, qRound(ratio * 100), tone, behind};
    if (const QPixmap *known = cache.object(key))
        return *known;
    const int pixels = qMax(1, qRound(size * ratio));
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintIcon(painter, QRectF(0, 0, pixels, pixels), name, QColor(tone), QColor(behind));
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    cache.insert(key, new QPixmap(pixmap));
    return pixmap;
}

QIcon icon(const QString &name, Role tone, Role behind)
{
    return QIcon(new Engine(name, tone, behind));
}

} // namespace look
