#include "core/knowledge/knowledge.h"

#include "core/knowledge/reading.h"

#include <QFile>

#include <algorithm>

namespace knowledge {

using namespace Qt::StringLiterals;

namespace {

GuideKey guideKeyFrom(const QJsonObject &object, bool &ok)
{
    return {.key = text(object, u"key"_s, ok).toLatin1(),
            .guideLine = positive(object, u"line"_s, ok),
            .component = optionalText(object, u"component"_s, ok).toLatin1(),
            .realMechanism = text(object, u"real"_s, ok),
            .deliveredByVendor = flag(object, u"delivered"_s, ok),
            .danger = optionalText(object, u"danger"_s, ok)};
}

GotrueKey gotrueKeyFrom(const QJsonObject &object, bool &ok)
{
    return {.key = text(object, u"key"_s, ok).toLatin1(),
            .since = text(object, u"since"_s, ok).toLatin1(),
            .oldFork = flag(object, u"oldFork"_s, ok),
            .newFork = flag(object, u"newFork"_s, ok),
            .type = text(object, u"type"_s, ok),
            .defaultValue = optionalText(object, u"default"_s, ok).toLatin1()};
}

FactorySecret secretFrom(const QJsonObject &object, bool &ok)
{
    return {.key = text(object, u"key"_s, ok).toLatin1(),
            .value = text(object, u"value"_s, ok).toUtf8(),
            .source = text(object, u"source"_s, ok)};
}

PublicKey publicKeyFrom(const QJsonObject &object, bool &ok)
{
    PublicKey key{.spkiSha256 = text(object, u"spkiSha256"_s, ok).toLatin1(),
                  .title = text(object, u"title"_s, ok)};
    ok = ok && key.spkiSha256.size() == 64 && QByteArray::fromHex(key.spkiSha256).size() == 32;
    return key;
}

DataSource sourceFrom(const QJsonObject &object, bool &ok)
{
    return {.title = text(object, u"title"_s, ok),
            .url = text(object, u"url"_s, ok),
            .date = date(object, u"date"_s, ok)};
}

template <typename T>
bool takeAll(const std::vector<QJsonObject> &objects,
             T (*from)(const QJsonObject &, bool &),
             std::vector<T> &out)
{
    bool ok = true;
    for (const QJsonObject &object : objects)
        out.push_back(from(object, ok));
    return ok;
}

QByteArray resource(const QString &name)
{
    QFile file(u":/flowkeep/knowledge/"_s + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Knowledge readBuiltIn()
{
    const base::Result<Knowledge> read
        = Knowledge::fromJson(resource(u"guide-keys.json"_s), resource(u"gotrue-keys.json"_s),
                              resource(u"factory-secrets.json"_s), resource(u"public-keys.json"_s));
    if (!read)
        qFatal("The knowledge data of this program cannot be read: %s",
               qPrintable(read.error().what));
    return *read;
}

} // namespace

const Knowledge &Knowledge::builtIn()
{
    static const Knowledge knowledge = readBuiltIn();
    return knowledge;
}

base::Result<Knowledge> Knowledge::fromJson(const QByteArray &guideKeys,
                                            const QByteArray &gotrueKeys,
                                            const QByteArray &secrets,
                                            const QByteArray &publicKeys)
{
    const auto guide = readDataFile(guideKeys, u"flowkeep.guide-keys/1"_s, u"keys"_s);
    if (!guide)
        return base::fail(guide);
    const auto gotrue = readDataFile(gotrueKeys, u"flowkeep.gotrue-keys/1"_s, u"keys"_s);
    if (!gotrue)
        return base::fail(gotrue);
    const auto factory = readDataFile(secrets, u"flowkeep.factory-secrets/1"_s, u"secrets"_s);
    if (!factory)
        return base::fail(factory);
    const auto known = readDataFile(publicKeys, u"flowkeep.public-keys/1"_s, u"keys"_s);
    if (!known)
        return base::fail(known);

    Knowledge out;
    bool ok = takeAll(guide->entries, guideKeyFrom, out.m_guideKeys)
        && takeAll(gotrue->entries, gotrueKeyFrom, out.m_gotrueKeys)
        && takeAll(factory->entries, secretFrom, out.m_secrets)
        && takeAll(known->entries, publicKeyFrom, out.m_publicKeys);
    for (const DataFile *file : {&*guide, &*gotrue, &*factory, &*known})
        ok = ok && takeAll(file->sources, sourceFrom, out.m_sources);
    if (!ok)
        return base::fail(base::ErrorKind::BadFormat, base::Stage::File, u"knowledge data"_s);
    std::ranges::sort(out.m_gotrueKeys, {}, &GotrueKey::key);
    out.m_reviewed
        = std::min({guide->reviewed, gotrue->reviewed, factory->reviewed, known->reviewed});
    return out;
}

const GuideKey *Knowledge::guideKey(QByteArrayView key) const
{
    const auto found = std::ranges::find(m_guideKeys, key, &GuideKey::key);
    return found == m_guideKeys.end() ? nullptr : &*found;
}

const GotrueKey *Knowledge::gotrueKey(QByteArrayView key) const
{
    const auto found = std::ranges::lower_bound(
        m_gotrueKeys, key, {}, [](const GotrueKey &each) { return QByteArrayView(each.key); });
    return found == m_gotrueKeys.end() || found->key != key ? nullptr : &*found;
}

std::optional<bool> Knowledge::gotrueReads(QByteArrayView key, GotrueLine line) const
{
    const GotrueKey *known = gotrueKey(key);
    if (!known)
        return false;
    switch (line) {
    case GotrueLine::OldFork:
        return known->oldFork;
    case GotrueLine::NewFork:
        return known->newFork;
    case GotrueLine::Upstream:
        return known->since == "2.13" ? std::optional(true) : std::nullopt;
    case GotrueLine::Unknown:
        break;
    }
    return known->oldFork && known->newFork ? std::optional(true) : std::nullopt;
}

} // namespace knowledge
