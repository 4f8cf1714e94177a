#include "core/facts/deployment.h"

#include <QUrl>

#include <algorithm>

namespace facts {

namespace {

/// What every machine calls itself, like the localhost of AppFlowy's own template (RFC 6761, 6.3):
/// a wish for a name, not the name by which visitors come.
bool namesItself(const QByteArray &name)
{
    return name == "localhost" || name.endsWith(".localhost") || name.startsWith("localhost.");
}

/// A host name that may be used as SNI and Host header; empty for anything else.
QByteArray hostName(const QByteArray &text)
{
    QByteArray name = text.trimmed().toLower();
    if (name.endsWith('.'))
        name.chop(1);
    const bool clean = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
    return clean && name.size() <= 253 && !name.startsWith('-') && !name.startsWith('.')
            && !namesItself(name)
        ? name
        : QByteArray();
}

QByteArray hostOfUrl(const QByteArray &text)
{
    return hostName(
        QUrl(QString::fromUtf8(text), QUrl::StrictMode).host(QUrl::FullyEncoded).toLatin1());
}

QByteArray textOf(const std::vector<EnvEntry> &entries, QByteArrayView key)
{
    const EnvEntry *entry = find(entries, key);
    return entry && entry->value.text ? *entry->value.text : QByteArray();
}

QByteArray fromUrls(const std::vector<EnvEntry> &entries)
{
    for (const QByteArrayView key : {"API_EXTERNAL_URL", "APPFLOWY_BASE_URL", "APPFLOWY_WEB_URL"}) {
        const QByteArray host = hostOfUrl(textOf(entries, key));
        if (!host.isEmpty())
            return host;
    }
    return {};
}

} // namespace

const Container *Deployment::container(QByteArrayView service) const
{
    if (!containers)
        return nullptr;
    const Container *found = nullptr;
    for (const Container &candidate : *containers) {
        if (candidate.service == service
            && (!found || (!found->isRunning() && candidate.isRunning())))
            found = &candidate;
    }
    return found;
}

const RenderedService *Deployment::service(QByteArrayView name) const
{
    if (!rendered)
        return nullptr;
    const auto found = std::find_if(rendered->begin(), rendered->end(),
                                    [&](const auto &candidate) { return candidate.name == name; });
    return found == rendered->end() ? nullptr : &*found;
}

QByteArray Deployment::fqdn() const
{
    if (containers) {
        for (const Container &candidate : *containers) {
            const QByteArray host = candidate.isRunning() ? fromUrls(candidate.env) : QByteArray();
            if (!host.isEmpty())
                return host;
        }
    }
    if (!envFile)
        return {};
    const QByteArray host = hostName(textOf(envFile->entries, "FQDN"));
    return host.isEmpty() ? fromUrls(envFile->entries) : host;
}

} // namespace facts
