#include "core/facts/container.h"

namespace facts {

QByteArray Container::imageName() const
{
    const QByteArray reference = image.split('@').front();
    return reference.sliced(reference.lastIndexOf('/') + 1).split(':').front();
}

} // namespace facts
