#include "base/msg.h"

const char *msg_text(const char *english)
{
    return english;
}
