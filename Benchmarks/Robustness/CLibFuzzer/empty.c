// The declaration is all there is.
#include "CLibFuzzer.h"
