// libsystemd's reader of journals; sd-journal(3).
#pragma once
#include <systemd/sd-journal.h>
