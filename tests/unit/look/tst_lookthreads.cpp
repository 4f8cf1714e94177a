#include "core/look/icons.h"

#include <QDirIterator>
#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QTest>

#include <latch>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

constexpr int painters = 8;

QImage painted(const QString &name)
{
    QImage image(24, 24, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    look::paintIcon(painter, QRectF(0, 0, 24, 24), name, Qt::red, Qt::white);
    return image;
}

} // namespace

class TestLookThreads : public QObject
{
    Q_OBJECT

private slots:
    /// Reports are painted on a thread pool while the window paints itself.
    void iconsArePaintedOnManyThreads()
    {
        QStringList names;
        QDirIterator files(u":/icons"_s);
        while (files.hasNext())
            names << QFileInfo(files.next()).completeBaseName();
        QVERIFY(names.size() > 40);

        std::vector<std::vector<QImage>> all(painters);
        {
            std::latch start(painters);
            std::vector<std::jthread> threads;
            for (int thread = 0; thread < painters; ++thread) {
                threads.emplace_back([&, thread] {
                    start.arrive_and_wait();
                    // Each begins with another icon, so that the first use of many falls together.
                    for (qsizetype i = 0; i < names.size(); ++i)
                        all[static_cast<std::size_t>(thread)].push_back(
                            painted(names[(i + thread * 5) % names.size()]));
                });
            }
        }
        for (int thread = 0; thread < painters; ++thread) {
            for (qsizetype i = 0; i < names.size(); ++i)
                QCOMPARE(all[static_cast<std::size_t>(thread)][static_cast<std::size_t>(i)],
                         painted(names[(i + thread * 5) % names.size()]));
        }
    }
};

QTEST_MAIN(TestLookThreads)
#include "tst_lookthreads.moc"
