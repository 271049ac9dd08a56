#include "COpenCV.h"

#include <algorithm>
#include <cstring>
#include <opencv2/calib3d.hpp>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/features2d.hpp>
#include <string>
#include <vector>

namespace {

// Files are worked on in parallel, so the library's own threads would only get in the way; and one
// thread gives one order of operations.
void use_one_thread() {
  static const bool once = [] {
    cv::setNumThreads(1);
    return true;
  }();
  (void)once;
}

} // namespace

extern "C" int32_t copencv_orb(const uint8_t *pixels, int32_t width, int32_t height, int32_t most,
                               COpenCVFeature *features) try {
  use_one_thread();
  const cv::Mat plane(height, width, CV_8U, const_cast<uint8_t *>(pixels));
  const auto orb = cv::ORB::create(most, 1.2f, 6, 15, 0, 2, cv::ORB::HARRIS_SCORE, 15, 8);
  std::vector<cv::KeyPoint> points;
  cv::Mat rows;
  orb->detectAndCompute(plane, cv::noArray(), points, rows);
  // The library keeps ties, so it can find more than it was asked for.
  const int32_t count = static_cast<int32_t>(std::min<size_t>(points.size(), most));
  for (int32_t i = 0; i < count; i++) {
    features[i].x = points[i].pt.x;
    features[i].y = points[i].pt.y;
    std::memcpy(features[i].descriptor, rows.ptr(i), 32);
  }
  return count;
} catch (...) {
  return -1;
}

extern "C" int32_t copencv_homography(const float *source, const float *destination, int32_t count,
                                      double threshold, int32_t iterations, double confidence,
                                      double homography[9], uint8_t *inliers) try {
  use_one_thread();
  if (count < 4)
    return 0;
  const cv::Mat from(count, 1, CV_32FC2, const_cast<float *>(source));
  const cv::Mat to(count, 1, CV_32FC2, const_cast<float *>(destination));
  cv::Mat mask;
  // USAC starts its random numbers from a fixed state at each call.
  const cv::Mat found =
      cv::findHomography(from, to, cv::USAC_MAGSAC, threshold, mask, iterations, confidence);
  if (found.empty() || mask.total() != static_cast<size_t>(count))
    return 0;
  for (int i = 0; i < 9; i++)
    homography[i] = found.at<double>(i / 3, i % 3);
  for (int32_t i = 0; i < count; i++)
    inliers[i] = mask.at<uint8_t>(i) != 0;
  return 1;
} catch (...) {
  return -1;
}

extern "C" const char *copencv_version(void) {
  static const std::string version = cv::getVersionString();
  return version.c_str();
}
