#include "core/checks/support/setting.h"

#include "core/checks/support/answer.h"

namespace checks {

using model::arg;
using model::Reach;
using model::ReachStep;
using model::say;

namespace {

ReachStep writtenStep(const facts::Deployment &deployment, const Setting &setting)
{
    if (setting.inFile) {
        return {Reach::Written, true,
                say(QT_TRANSLATE_NOOP("Sentence", ".env line %1"), {arg(setting.inFile->line)}),
                deployment.envFile.source().section};
    }
    if (setting.inCompose) {
        return {
            Reach::Written, true,
            say(QT_TRANSLATE_NOOP("Sentence", "compose files, service %1"), {arg(setting.service)}),
            deployment.rendered.source().section};
    }
    if (setting.inProcess) {
        return {Reach::Written, true,
                say(QT_TRANSLATE_NOOP("Sentence", "not seen in a file, yet the container has it")),
                deployment.containers.source().section};
    }
    if (!deployment.envFile && !deployment.rendered) {
        return {Reach::Written, false, say(QT_TRANSLATE_NOOP("Sentence", "no file could be read")),
                deployment.envFile.source().section};
    }
    return {Reach::Written, false, say(QT_TRANSLATE_NOOP("Sentence", "in no file")),
            deployment.envFile.source().section};
}

ReachStep deliveredStep(const facts::Deployment &deployment, const Setting &setting)
{
    const QString section = deployment.containers.source().section;
    if (setting.inProcess) {
        return {Reach::Delivered, true,
                say(QT_TRANSLATE_NOOP("Sentence", "in the %1 container"), {arg(setting.service)}),
                section};
    }
    return {Reach::Delivered, false,
            say(QT_TRANSLATE_NOOP("Sentence", "not in %1"), {arg(setting.service)}), section};
}

model::Sentence readSentence(const Setting &setting, Obeyed obeyed)
{
    if (!setting.read)
        return say(QT_TRANSLATE_NOOP("Sentence", "not known to be read by this %1"),
                   {arg(setting.service)});
    if (!*setting.read)
        return say(QT_TRANSLATE_NOOP("Sentence", "not read by this %1"), {arg(setting.service)});
    if (setting.inProcess && obeyed == Obeyed::Unreadable)
        return say(QT_TRANSLATE_NOOP("Sentence", "%1 cannot read the value"),
                   {arg(setting.service)});
    if (setting.inProcess && obeyed == Obeyed::Contradicted)
        return say(QT_TRANSLATE_NOOP("Sentence", "the answer of %1 says otherwise"),
                   {arg(setting.service)});
    if (setting.lineKnown)
        return say(QT_TRANSLATE_NOOP("Sentence", "read by this %1"), {arg(setting.service)});
    return say(QT_TRANSLATE_NOOP("Sentence", "read by every known %1"), {arg(setting.service)});
}

} // namespace

knowledge::GotrueLine gotrueLine(const facts::Fact<facts::GotrueSchema> &schema)
{
    using knowledge::GotrueLine;
    if (!schema || schema->newestMigration.isEmpty())
        return GotrueLine::Unknown;
    // A database that the old fork began and the new one took over carries both marks.
    if (schema->newFork)
        return GotrueLine::NewFork;
    return schema->oldFork ? GotrueLine::OldFork : GotrueLine::Upstream;
}

std::vector<const facts::Container *> running(const facts::Deployment &deployment,
                                              QByteArrayView service)
{
    std::vector<const facts::Container *> out;
    for (const facts::Container &container : *deployment.containers) {
        if (container.service == service && container.isRunning())
            out.push_back(&container);
    }
    return out;
}

std::vector<const facts::Container *> signInServers(const facts::Deployment &deployment)
{
    std::vector<const facts::Container *> out;
    for (const facts::Container &container : *deployment.containers) {
        const bool signsIn = container.service == "gotrue" || container.imageName() == "gotrue";
        if (container.isRunning() && signsIn)
            out.push_back(&container);
    }
    return out;
}

Setting
followGotrue(const Context &context, const facts::Container *container, const QByteArray &key)
{
    const facts::Deployment &deployment = *context.deployment;
    Setting setting;
    setting.key = key;
    setting.service
        = container && !container->service.isEmpty() ? container->service : QByteArray("gotrue");
    if (deployment.envFile)
        setting.inFile = find(deployment.envFile->entries, key);
    if (const facts::RenderedService *service = deployment.service(setting.service))
        setting.inCompose = find(service->env, key);
    if (container)
        setting.inProcess = find(container->env, key);
    const knowledge::GotrueLine line = gotrueLine(deployment.gotrueSchema);
    setting.lineKnown = line != knowledge::GotrueLine::Unknown;
    setting.read = context.knowledge.gotrueReads(key, line);
    return setting;
}

std::vector<Setting>
followAll(const Context &context, const facts::Container &container, const QByteArray &key)
{
    const Setting last = followGotrue(context, &container, key);
    std::vector<Setting> out;
    for (const facts::EnvEntry &entry : container.env) {
        if (entry.key != key)
            continue;
        out.push_back(last);
        out.back().inProcess = &entry;
    }
    if (out.empty())
        out.push_back(last);
    return out;
}

std::vector<model::ReachStep>
reachChain(const Context &context, const Setting &setting, Obeyed obeyed, const QString &proven)
{
    const facts::Deployment &deployment = *context.deployment;
    std::vector<ReachStep> chain{
        {Reach::Absent, true,
         say(QT_TRANSLATE_NOOP("Sentence", "%1 looked for"), {arg(setting.key)}),
         deployment.envFile.source().section},
        writtenStep(deployment, setting),
        deliveredStep(deployment, setting),
        {Reach::Honoured, setting.inProcess && obeyed == Obeyed::Yes && setting.read == true,
         readSentence(setting, obeyed), deployment.gotrueSchema.source().section}};
    if (proven.isEmpty()) {
        chain.push_back(
            {Reach::Proven, false, say(QT_TRANSLATE_NOOP("Sentence", "not observed")), {}});
        return chain;
    }
    // Behaviour outranks everything before it, so what was not seen there is implied by it.
    for (ReachStep &step : chain) {
        if (!step.reached)
            step = {step.level, true, say(QT_TRANSLATE_NOOP("Sentence", "implied by the answer")),
                    proven};
    }
    chain.push_back(
        {Reach::Proven, true, say(QT_TRANSLATE_NOOP("Sentence", "seen in the answer")), proven});
    return chain;
}

std::optional<Evaluation> notHonoured(const Setting &setting)
{
    if (setting.read == true)
        return std::nullopt;
    if (setting.read == false) {
        return answer(
            model::Verdict::Fail,
            say(QT_TRANSLATE_NOOP("Sentence",
                                  "%1 is delivered to %2, but this version does not read it: "
                                  "no effect"),
                {arg(setting.key), arg(setting.service)}));
    }
    return answer(
        model::Verdict::Warn,
        say(QT_TRANSLATE_NOOP("Sentence", "%1 is delivered, not known to be read by this %2"),
            {arg(setting.key), arg(setting.service)}));
}

model::Reach reachOf(const std::vector<model::ReachStep> &chain)
{
    Reach reach = Reach::Absent;
    for (const ReachStep &step : chain) {
        if (!step.reached)
            break;
        reach = step.level;
    }
    return reach;
}

std::vector<model::Evidence> settingEvidence(const Context &context, const Setting &setting)
{
    const facts::Deployment &deployment = *context.deployment;
    std::vector<model::Evidence> out;
    const QByteArray none = "no " + setting.key;
    if (deployment.containers) {
        const QByteArray found = setting.inProcess ? describe(*setting.inProcess) : none;
        out.push_back(evidence(deployment.containers, setting.service + ": " + found));
    }
    if (deployment.rendered && (setting.inCompose || !setting.inProcess)) {
        const QByteArray found = setting.inCompose ? describe(*setting.inCompose) : none;
        out.push_back(evidence(deployment.rendered, setting.service + ": " + found));
    }
    if (deployment.envFile && (setting.inFile || !setting.inProcess)) {
        const QByteArray found = setting.inFile
            ? QByteArray::number(setting.inFile->line) + ": " + describe(*setting.inFile)
            : none;
        out.push_back(evidence(deployment.envFile, found));
    }
    return out;
}

} // namespace checks
