/* Headers of libre2 are C++; CRE2 includes them. This module only links. */
