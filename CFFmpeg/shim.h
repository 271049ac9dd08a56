// What Swift needs of FFmpeg: the headers, and the few macros that the importer cannot translate.
// Nothing but `static inline` helpers may live here; each says why Swift cannot reach the original.
#ifndef CFFMPEG_SHIM_H
#define CFFMPEG_SHIM_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

// A macro over a cast of an unsigned literal.
static inline int64_t CFFmpeg_no_timestamp(void) { return AV_NOPTS_VALUE; }

// AVERROR_* of FFmpeg's own are four-character macros with a sign.
static inline int CFFmpeg_error_end_of_file(void) { return AVERROR_EOF; }
static inline int CFFmpeg_error_exit(void) { return AVERROR_EXIT; }
static inline int CFFmpeg_error_invalid_data(void) { return AVERROR_INVALIDDATA; }

// Macros that combine other macros by token pasting and shifts.
static inline unsigned CFFmpeg_compiled_avformat(void) { return LIBAVFORMAT_VERSION_INT; }
static inline unsigned CFFmpeg_compiled_avcodec(void) { return LIBAVCODEC_VERSION_INT; }

#endif
