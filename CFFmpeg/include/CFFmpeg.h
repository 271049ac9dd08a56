// What Swift needs of FFmpeg: its headers, and the few macros that the importer cannot translate. The
// functions are those of functions.S, loaded when one is first called.
// Of helpers only `static inline` ones may live here; each says why Swift cannot reach the original.
#ifndef CFFMPEG_H
#define CFFMPEG_H

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

// Loads FFmpeg's libraries, unless that was tried before; any call of FFmpeg does so too, but ends the
// process where it fails. Returns null, or why they cannot be used.
const char *CFFmpeg_load(void);

#endif
