#pragma once

#include "core/facts/facts.h"

/// Which kind of installation a deployment is, and what stands before it; from facts only.
namespace facts {

/// v1, v2, host-proxy, tunnel, third-party, unknown. Swarm is known from its labels and not asked
/// here.
QString variantOf(const Deployment &deployment);

/// none, cloudflare, tunnel, caddy, traefik, npm, coolify, other, unknown.
QString edgeOf(const Deployment &deployment, const Facts &facts);

/// True when this nginx hands requests on to a port that the deployment publishes, or to one of its
/// containers.
bool proxiesTo(const config::NginxDump &nginx, const Deployment &deployment);

/// The container of the web server that came with the deployment; nullptr when there is none.
const Container *bundledNginx(const Deployment &deployment);

} // namespace facts
