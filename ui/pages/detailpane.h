#pragma once

#include "ui/backend.h"

#include <QScrollArea>

class QVBoxLayout;

namespace ui {

/// Everything about one finding, top to bottom: verdict, sentence, reach, expected and found,
/// evidence, why, advice, references, controls, contribution to the score.
class DetailPane : public QWidget
{
    Q_OBJECT

public:
    DetailPane(const Backend &backend, QWidget *parent);

    /// `points`: what the finding costs the score, 0 or negative.
    void show(const model::Finding &finding, std::optional<int> points);
    void clear();

signals:
    void closed();

private:
    void addTop(const model::Finding &finding);
    void addReach(const model::Finding &finding);
    void addFacts(const model::Finding &finding);
    void addEvidence(const model::Finding &finding);
    void addKnowledge(const model::CheckInfo &info);
    void addReferences(const model::CheckInfo &info);
    void addControls(const model::Controls &controls);
    void addHeading(const QString &text);
    void addText(const QString &text);
    void copyAll();

    const Backend &m_backend;
    QScrollArea *m_scroll;
    QWidget *m_content = nullptr;
    QVBoxLayout *m_column = nullptr;
    QString m_copy;
};

} // namespace ui
