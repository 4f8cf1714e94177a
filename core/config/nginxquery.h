#pragma once

#include "core/config/nginx.h"

#include <QByteArray>
#include <QHash>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

/// Questions about a whole nginx configuration, with includes put where nginx reads them.
namespace config {

/// A directive in its place: parents after following includes. Lives as long as its NginxView.
struct NginxNode
{
    const NginxDirective *directive = nullptr; ///< nullptr only for the root
    const NginxFile *file = nullptr;
    const NginxNode *parent = nullptr;
    std::vector<const NginxNode *> children;
    QHash<QByteArray, std::vector<const NginxNode *>> childrenByName;

    QByteArray name() const { return directive ? directive->name : QByteArray(); }
    /// Argument number `index`, or empty.
    QByteArray arg(std::size_t index) const;
};

struct NginxListen
{
    QByteArray address; ///< "*" for all of IPv4, "[::]", numeric, a name, or "unix:/path"
    quint16 port = 80; ///< 0 for a unix socket
    bool ssl = false;
    bool http2 = false;
    bool quic = false;
    bool defaultServer = false;
    int line = 0;
};

struct NginxServer
{
    const NginxNode *node = nullptr;
    std::vector<QByteArray> names; ///< of server_name, as written
    std::vector<NginxListen> listens; ///< nginx's default "*:80" where none is written
};

/// One header that nginx adds to answers.
struct NginxHeader
{
    QByteArray name;
    QByteArray value;
    bool always = false; ///< on error answers too
    const NginxNode *node = nullptr;
};

/// Where proxy_pass leads, after following `set $name` and `upstream`.
struct NginxProxyTarget
{
    QByteArray scheme;
    QByteArray host; ///< lower case; brackets of IPv6 removed
    quint16 port = 0; ///< 80 or 443 where none is written
    const NginxNode *node = nullptr;
};

class NginxView
{
public:
    explicit NginxView(NginxDump dump);

    const NginxDump &dump() const { return *m_dump; }
    const NginxNode &root() const { return *m_root; }
    /// False when a file could not be read, an include had no file in the dump, or the tree was cut
    /// at its size limit: then "is not there" proves nothing.
    bool complete() const { return m_complete; }

    /// Servers of every http block, in order.
    std::vector<NginxServer> servers() const;
    /// Locations below `node`, nested ones too, in order.
    std::vector<const NginxNode *> locations(const NginxNode &node) const;
    /// proxy_pass of every http server.
    std::vector<NginxProxyTarget> proxyTargets() const;

private:
    void build(const NginxFile &file,
               const std::vector<NginxDirective> &directives,
               NginxNode &parent,
               int includes);
    bool include(const NginxDirective &directive, NginxNode &parent, int includes);

    std::shared_ptr<const NginxDump> m_dump;
    std::shared_ptr<std::deque<NginxNode>> m_nodes; // a deque keeps addresses
    const NginxNode *m_root = nullptr;
    std::size_t m_nodeLimit = 0;
    qint64 m_globBudget = 0;
    bool m_complete = true;
};

/// Directives of this name directly in `node`.
std::vector<const NginxNode *> directly(const NginxNode &node, const QByteArray &name);

/// What is in effect in `node` for directives that nginx inherits from the outer level only where
/// the inner one has none of its own (add_header, ssl_protocols, proxy_set_header, ...): the
/// directives of the nearest level that has any.
std::vector<const NginxNode *> inEffect(const NginxNode &node, const QByteArray &name);

/// First argument of the last directive in effect; nullopt where none is.
std::optional<QByteArray> valueInEffect(const NginxNode &node, const QByteArray &name);

/// add_header in effect: a level with one of its own drops every inherited one.
std::vector<NginxHeader> headersInEffect(const NginxNode &node);

} // namespace config
