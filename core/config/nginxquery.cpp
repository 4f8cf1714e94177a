#include "core/config/nginxquery.h"

#include "core/config/glob.h"

#include <QHash>
#include <QPair>

#include <algorithm>

namespace config {

namespace {

/// Includes can multiply: a hundred files of a hundred includes each. In the field a file is read
/// for a few servers; these limits keep a hostile dump from costing more than a moment.
constexpr std::size_t nodeLimit = 20'000;
constexpr std::size_t nodesPerDirective = 8;
constexpr std::size_t nodesAnyway = 1000;
constexpr std::size_t targetLimit = 10'000;
constexpr int includeLimit = 8;
constexpr qint64 globBudget = 3'000'000;

std::size_t count(const std::vector<NginxDirective> &directives)
{
    std::size_t all = directives.size();
    for (const NginxDirective &directive : directives)
        all += count(directive.block);
    return all;
}

QByteArray directoryOf(const QByteArray &path)
{
    const qsizetype slash = path.lastIndexOf('/');
    return slash < 0 ? QByteArray() : path.first(slash + 1);
}

bool hasWildcard(const QByteArray &pattern)
{
    return pattern.contains('*') || pattern.contains('?') || pattern.contains('[');
}

NginxListen listenOf(const NginxNode &node)
{
    NginxListen listen;
    listen.line = node.directive->line;
    QByteArray where = node.arg(0);
    if (where.startsWith("unix:")) {
        listen.address = where;
        listen.port = 0;
    } else {
        const qsizetype colon = where.lastIndexOf(':');
        const bool onlyBracket = where.endsWith(']');
        bool isPort = false;
        const ushort whole = where.toUShort(&isPort);
        if (isPort) {
            listen.address = "*";
            listen.port = whole;
        } else if (colon >= 0 && !onlyBracket) {
            listen.address = where.first(colon);
            listen.port = where.sliced(colon + 1).toUShort();
        } else {
            listen.address = where;
        }
    }
    for (std::size_t i = 1; i < node.directive->args.size(); ++i) {
        const QByteArray word = node.arg(i);
        listen.ssl |= word == "ssl";
        listen.http2 |= word == "http2";
        listen.quic |= word == "quic";
        listen.defaultServer |= word == "default_server" || word == "default";
    }
    return listen;
}

void collect(const NginxNode &node, QByteArrayView name, std::vector<const NginxNode *> &into)
{
    for (const NginxNode *child : node.children) {
        if (child->name() == name)
            into.push_back(child);
        collect(*child, name, into);
    }
}

/// What `set $name value` says, by the level it stands on.
using Variables = QHash<QPair<const NginxNode *, QByteArray>, QByteArray>;

Variables variablesOf(const NginxNode &root)
{
    std::vector<const NginxNode *> sets;
    collect(root, "set", sets);
    Variables variables;
    for (const NginxNode *set : sets)
        variables.insert({set->parent, set->arg(0)}, set->arg(1));
    return variables;
}

/// The value on the nearest level around `node`; empty when none is known.
QByteArray lookUp(const Variables &variables, const NginxNode &node, const QByteArray &name)
{
    for (const NginxNode *level = node.parent; level; level = level->parent) {
        const auto found = variables.constFind({level, name});
        if (found != variables.constEnd())
            return *found;
    }
    return {};
}

NginxProxyTarget targetOf(QByteArray url, const NginxNode &node)
{
    NginxProxyTarget target;
    target.node = &node;
    const qsizetype scheme = url.indexOf("://");
    if (scheme >= 0) {
        target.scheme = url.first(scheme).toLower();
        url.remove(0, scheme + 3);
    }
    const qsizetype slash = url.indexOf('/');
    QByteArray authority = (slash < 0 ? url : url.first(slash)).toLower();
    target.port = target.scheme == "https" ? 443 : 80;
    const qsizetype colon = authority.lastIndexOf(':');
    if (colon >= 0 && !authority.endsWith(']')) {
        target.port = authority.sliced(colon + 1).toUShort();
        authority.truncate(colon);
    }
    if (authority.startsWith('[') && authority.endsWith(']'))
        authority = authority.sliced(1, authority.size() - 2);
    target.host = authority;
    return target;
}

} // namespace

QByteArray NginxNode::arg(std::size_t index) const
{
    return directive && index < directive->args.size() ? directive->args[index] : QByteArray();
}

NginxView::NginxView(NginxDump dump)
    : m_dump(std::make_shared<const NginxDump>(std::move(dump)))
    , m_nodes(std::make_shared<std::deque<NginxNode>>())
    , m_globBudget(globBudget)
    , m_complete(!m_dump->damaged())
{
    std::size_t written = 0;
    for (const NginxFile &file : m_dump->files)
        written += count(file.directives);
    m_nodeLimit = std::min(nodeLimit, nodesAnyway + nodesPerDirective * written);
    NginxNode &root = m_nodes->emplace_back();
    m_root = &root;
    if (!m_dump->files.empty())
        build(m_dump->files.front(), m_dump->files.front().directives, root, 0);
}

void NginxView::build(const NginxFile &file,
                      const std::vector<NginxDirective> &directives,
                      NginxNode &parent,
                      int includes)
{
    for (const NginxDirective &directive : directives) {
        if (m_nodes->size() >= m_nodeLimit) {
            m_complete = false;
            return;
        }
        NginxNode &node = m_nodes->emplace_back();
        node.directive = &directive;
        node.file = &file;
        node.parent = &parent;
        parent.children.push_back(&node);
        parent.childrenByName[directive.name].push_back(&node);
        if (directive.name == "include" && directive.args.size() == 1)
            m_complete &= include(directive, parent, includes);
        build(file, directive.block, node, includes);
    }
}

bool NginxView::include(const NginxDirective &directive, NginxNode &parent, int includes)
{
    if (includes == includeLimit)
        return false;
    QByteArray pattern = directive.args.front();
    if (!pattern.startsWith('/'))
        pattern.prepend(directoryOf(m_dump->files.front().path));
    bool found = false;
    for (std::size_t i = 1; i < m_dump->files.size(); ++i) {
        const NginxFile &file = m_dump->files[i];
        if (!globMatches(pattern, file.path, m_globBudget))
            continue;
        found = true;
        build(file, file.directives, parent, includes + 1);
    }
    // A pattern may match nothing; a plain name that is missing would stop nginx itself.
    return m_globBudget > 0 && (found || hasWildcard(pattern));
}

std::vector<NginxServer> NginxView::servers() const
{
    std::vector<NginxServer> servers;
    for (const NginxNode *http : directly(*m_root, "http")) {
        for (const NginxNode *node : directly(*http, "server")) {
            NginxServer server;
            server.node = node;
            for (const NginxNode *names : directly(*node, "server_name"))
                server.names.insert(server.names.end(), names->directive->args.begin(),
                                    names->directive->args.end());
            for (const NginxNode *listen : directly(*node, "listen"))
                server.listens.push_back(listenOf(*listen));
            if (server.listens.empty())
                server.listens.push_back(
                    {"*", 80, false, false, false, false, node->directive->line});
            servers.push_back(std::move(server));
        }
    }
    return servers;
}

std::vector<const NginxNode *> NginxView::locations(const NginxNode &node) const
{
    std::vector<const NginxNode *> found;
    collect(node, "location", found);
    return found;
}

std::vector<NginxProxyTarget> NginxView::proxyTargets() const
{
    QHash<QByteArray, const NginxNode *> upstreams;
    for (const NginxNode *http : directly(*m_root, "http")) {
        for (const NginxNode *upstream : directly(*http, "upstream"))
            upstreams.insert(upstream->arg(0).toLower(), upstream);
    }
    const Variables variables = variablesOf(*m_root);
    std::vector<NginxProxyTarget> targets;
    for (const NginxServer &server : servers()) {
        std::vector<const NginxNode *> passes;
        collect(*server.node, "proxy_pass", passes);
        for (const NginxNode *pass : passes) {
            if (targets.size() > targetLimit)
                return targets;
            QByteArray url = pass->arg(0);
            if (url.startsWith('$'))
                url = lookUp(variables, *pass, url);
            const NginxProxyTarget target = targetOf(url, *pass);
            const NginxNode *upstream = upstreams.value(target.host);
            if (!upstream) {
                targets.push_back(target);
                continue;
            }
            for (const NginxNode *member : directly(*upstream, "server"))
                targets.push_back(targetOf(target.scheme + "://" + member->arg(0), *pass));
        }
    }
    return targets;
}

std::vector<const NginxNode *> directly(const NginxNode &node, const QByteArray &name)
{
    return node.childrenByName.value(name);
}

std::vector<const NginxNode *> inEffect(const NginxNode &node, const QByteArray &name)
{
    for (const NginxNode *level = &node; level; level = level->parent) {
        std::vector<const NginxNode *> found = directly(*level, name);
        if (!found.empty())
            return found;
    }
    return {};
}

std::optional<QByteArray> valueInEffect(const NginxNode &node, const QByteArray &name)
{
    const std::vector<const NginxNode *> found = inEffect(node, name);
    if (found.empty())
        return std::nullopt;
    return found.back()->arg(0);
}

std::vector<NginxHeader> headersInEffect(const NginxNode &node)
{
    std::vector<NginxHeader> headers;
    for (const NginxNode *add : inEffect(node, "add_header"))
        headers.push_back({add->arg(0), add->arg(1), add->arg(2) == "always", add});
    return headers;
}

} // namespace config
