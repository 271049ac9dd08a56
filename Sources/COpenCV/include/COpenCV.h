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

// A match of feature `query` of one picture with feature `train` of another.
typedef struct {
  int32_t query, train, distance;
} COpenCVPair;

// Finds ORB features in a tight 8-bit plane. Returns how many were written, or -1.
int32_t copencv_orb(const uint8_t *pixels, int32_t width, int32_t height, int32_t most,
                    COpenCVFeature *features);

// Matches each feature with its nearest in Hamming distance, both ways. Room for `query_count`
// pairs is needed. Returns how many were written, or -1.
int32_t copencv_match(const COpenCVFeature *query, int32_t query_count,
                      const COpenCVFeature *train, int32_t train_count, int32_t most_distance,
                      COpenCVPair *pairs);

// Estimates the homography from `count` points (x, y) to as many others by MAGSAC++, the threshold
// in units of the points. `inliers` gets a 1 for each pair that agrees. Returns 1, or 0 where
// there is none, or -1.
int32_t copencv_homography(const float *source, const float *destination, int32_t count,
                           double threshold, int32_t iterations, double confidence,
                           double homography[9], uint8_t *inliers);

// The version of the library that is linked, such as "4.6.0".
const char *copencv_version(void);

#ifdef __cplusplus
}
#endif

#endif
