// What LeakTrace needs of OpenCV, with a C face: Swift's interoperation with C++ cannot spell
// std::vector<cv::KeyPoint>. No function throws; all give the same result for the same input.
#ifndef COPENCV_H
#define COPENCV_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A key point, in pixels, with its binary descriptor.
typedef struct {
  float x, y;
  uint8_t descriptor[32];
} COpenCVFeature;

// Finds ORB features in a tight 8-bit plane. Returns how many were written, or -1.
int32_t copencv_orb(const uint8_t *pixels, int32_t width, int32_t height, int32_t most,
                    COpenCVFeature *features);

// Estimates the homography from `count` points (x, y) to as many others by MAGSAC++, the threshold
// in units of the points. `inliers` gets a 1 for each pair that agrees. Returns 1, or 0 where
// there is none, or -1.
int32_t copencv_homography(const float *source, const float *destination, int32_t count,
                           double threshold, int32_t iterations, double confidence,
                           double homography[9], uint8_t *inliers);

// Warps a tight 8-bit plane: `matrix` maps pixels of the source to pixels of the destination, row by
// row. Bilinear; what the source does not reach becomes `fill`, and 0 in `coverage`, else 255.
// Returns 1, or -1.
int32_t copencv_warp(const uint8_t *source, int32_t width, int32_t height, const double matrix[9],
                     uint8_t fill, int32_t to_width, int32_t to_height, uint8_t *destination,
                     uint8_t *coverage);

// Follows corners of `first` to `second`, both tight planes of one size and brought to one local
// contrast beforehand; only where `mask` is not 0. Points whose way back ends more than
// `most_error` pixels off are left out. `from` and `to` need room for 2 * `most` numbers.
// Returns how many were followed, or -1.
int32_t copencv_track(const uint8_t *first, const uint8_t *second, const uint8_t *mask,
                      int32_t width, int32_t height, int32_t most, double most_error, float *from,
                      float *to);

// Brings a tight 8-bit plane to one local contrast: its mean in a square window becomes 128, its
// deviation, of which `noise` is the least, 40. Returns 1, or -1.
int32_t copencv_normalise(const uint8_t *source, int32_t width, int32_t height, int32_t radius,
                          float noise, uint8_t *destination);

// Blurs a tight plane of floats by a Gaussian, reflected at its edges. Returns 1, or -1.
int32_t copencv_blur(const float *source, int32_t width, int32_t height, double sigma,
                     float *destination);

// The mean of a tight plane of floats in a square window about each pixel, reflected at its edges.
// Returns 1, or -1.
int32_t copencv_box_mean(const float *source, int32_t width, int32_t height, int32_t radius,
                         float *destination);

// Flattens the spectrum of a tight plane of floats: each coefficient of its discrete Fourier transform
// is divided by the root of the mean power in a square window about it. Returns 1, or -1.
int32_t copencv_whiten(const float *source, int32_t width, int32_t height, int32_t radius,
                       float *destination);

// Brings a tight plane of floats to another size by bicubic interpolation, its edges continued.
// Returns 1, or -1.
int32_t copencv_resize(const float *source, int32_t width, int32_t height, int32_t to_width,
                       int32_t to_height, float *destination);

// Correlation of two planes of floats in a square window about each pixel, with `noise` added to
// both variances; and the variance of the first in that window. Returns 1, or -1.
int32_t copencv_local_correlation(const float *first, const float *second, int32_t width,
                                  int32_t height, int32_t radius, float noise, float *correlation,
                                  float *variance);

// Loads the library, unless that was tried before; the other functions do so too, but end the process
// where it fails. Returns null, or why it cannot be used.
const char *copencv_load(void);

// The version of the library that is loaded, such as "4.6.0".
const char *copencv_version(void);

#ifdef __cplusplus
}
#endif

#endif
