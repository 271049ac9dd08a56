// Edges of a picture under a blur.
#ifndef CFK_REFLECT_H
#define CFK_REFLECT_H

#include <stddef.h>

// The sample that stands for `index` outside 0..<count: mirrored about the outermost samples, which
// are not repeated (c b | a b c | b a), as often as it takes.
static inline size_t cfk_reflect(ptrdiff_t index, size_t count) {
  if (count == 1)
    return 0;
  const ptrdiff_t last = (ptrdiff_t)count - 1;
  while (index < 0 || index > last)
    index = index < 0 ? -index : 2 * last - index;
  return (size_t)index;
}

#endif
