#include "CLateBinding.h"

  LATE_BEGIN Whole
  LATE_FUNCTION Whole, late_many
  LATE_FUNCTION Whole, late_variadic
  LATE_FUNCTION Whole, late_structure
  LATE_FUNCTION Whole, late_wide
  LATE_END Whole

  LATE_BEGIN Lacking
  LATE_FUNCTION Lacking, late_nowhere
  LATE_END Lacking
