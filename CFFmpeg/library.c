#include "CFFmpeg.h"
#include "CLateBinding.h"

#include <libavutil/macros.h>

// The versions are those of the headers: others lay out their structures differently.
#define FILE_NAME(name, major) "lib" name ".so." AV_STRINGIFY(major)

LATE_LIBRARY(CFFmpeg, "FFmpeg", FILE_NAME("avformat", LIBAVFORMAT_VERSION_MAJOR),
             FILE_NAME("avcodec", LIBAVCODEC_VERSION_MAJOR),
             FILE_NAME("swresample", LIBSWRESAMPLE_VERSION_MAJOR),
             FILE_NAME("swscale", LIBSWSCALE_VERSION_MAJOR),
             FILE_NAME("avutil", LIBAVUTIL_VERSION_MAJOR));

const char *CFFmpeg_load(void) { return late_load(&CFFmpeg_library); }
