// The executable; everything it does is in Commands.

import Commands

Minewarden.runAndExit()
