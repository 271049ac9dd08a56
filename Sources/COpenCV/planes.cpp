#include "COpenCV.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>
#include <vector>

namespace {

// See shim.cpp: files are worked on in parallel already.
void use_one_thread() {
  static const bool once = [] {
    cv::setNumThreads(1);
    return true;
  }();
  (void)once;
}

cv::Mat bytes(const uint8_t *pixels, int32_t width, int32_t height) {
  return cv::Mat(height, width, CV_8U, const_cast<uint8_t *>(pixels));
}

cv::Mat floats(const float *pixels, int32_t width, int32_t height) {
  return cv::Mat(height, width, CV_32F, const_cast<float *>(pixels));
}

} // namespace

extern "C" int32_t copencv_warp(const uint8_t *source, int32_t width, int32_t height,
                                const double matrix[9], uint8_t fill, int32_t to_width,
                                int32_t to_height, uint8_t *destination, uint8_t *coverage) try {
  use_one_thread();
  const cv::Mat map(3, 3, CV_64F, const_cast<double *>(matrix));
  const cv::Size size(to_width, to_height);
  cv::Mat out = bytes(destination, to_width, to_height);
  cv::warpPerspective(bytes(source, width, height), out, map, size, cv::INTER_LINEAR,
                      cv::BORDER_CONSTANT, cv::Scalar(fill));
  // Where the nearest pixel of the source is one.
  bool is_invertible = false;
  const cv::Matx33d back = cv::Matx33d(matrix).inv(cv::DECOMP_LU, &is_invertible);
  if (!is_invertible)
    return -1;
  const double right = width - 0.5, bottom = height - 0.5;
  for (int32_t y = 0; y < to_height; y++) {
    uint8_t *row = coverage + static_cast<size_t>(y) * to_width;
    const double u = back(0, 1) * y + back(0, 2), v = back(1, 1) * y + back(1, 2),
                 w = back(2, 1) * y + back(2, 2);
    for (int32_t x = 0; x < to_width; x++) {
      const double depth = back(2, 0) * x + w, sign = depth < 0 ? -1 : 1, scale = sign * depth,
                   across = sign * (back(0, 0) * x + u), down = sign * (back(1, 0) * x + v);
      const bool is_inside = (scale > 0) & (across >= -0.5 * scale) & (across < right * scale) &
                             (down >= -0.5 * scale) & (down < bottom * scale);
      row[x] = is_inside ? 255 : 0;
    }
  }
  return out.data == destination ? 1 : -1;
} catch (...) {
  return -1;
}

extern "C" int32_t copencv_track(const uint8_t *first, const uint8_t *second, const uint8_t *mask,
                                 int32_t width, int32_t height, int32_t most, double most_error,
                                 float *from, float *to) try {
  use_one_thread();
  const cv::Mat a = bytes(first, width, height), b = bytes(second, width, height);
  std::vector<cv::Point2f> points, there, back;
  cv::goodFeaturesToTrack(a, points, most, 0.01, 8, bytes(mask, width, height), 5);
  if (points.empty())
    return 0;
  std::vector<cv::Mat> pyramid_a, pyramid_b;
  const cv::Size window(21, 21);
  const int levels = 2;
  cv::buildOpticalFlowPyramid(a, pyramid_a, window, levels);
  cv::buildOpticalFlowPyramid(b, pyramid_b, window, levels);
  std::vector<uint8_t> found, returned;
  const cv::TermCriteria stop(cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 20, 0.02);
  cv::calcOpticalFlowPyrLK(pyramid_a, pyramid_b, points, there, found, cv::noArray(), window,
                           levels, stop);
  cv::calcOpticalFlowPyrLK(pyramid_b, pyramid_a, there, back, returned, cv::noArray(), window,
                           levels, stop);
  int32_t count = 0;
  for (size_t i = 0; i < points.size() && count < most; i++) {
    if (!found[i] || !returned[i] || cv::norm(points[i] - back[i]) > most_error)
      continue;
    from[2 * count] = points[i].x;
    from[2 * count + 1] = points[i].y;
    to[2 * count] = there[i].x;
    to[2 * count + 1] = there[i].y;
    count++;
  }
  return count;
} catch (...) {
  return -1;
}

extern "C" int32_t copencv_normalise(const uint8_t *source, int32_t width, int32_t height,
                                     int32_t radius, float noise, uint8_t *destination) try {
  use_one_thread();
  const cv::Size window(2 * radius + 1, 2 * radius + 1);
  cv::Mat plane, mean, square;
  bytes(source, width, height).convertTo(plane, CV_32F);
  cv::boxFilter(plane, mean, CV_32F, window, cv::Point(-1, -1), true, cv::BORDER_REFLECT_101);
  plane -= mean;
  cv::boxFilter(plane.mul(plane), square, CV_32F, window, cv::Point(-1, -1), true,
                cv::BORDER_REFLECT_101);
  for (int32_t y = 0; y < height; y++) {
    const float *p = plane.ptr<float>(y), *s = square.ptr<float>(y);
    uint8_t *out = destination + static_cast<size_t>(y) * width;
    for (int32_t x = 0; x < width; x++)
      out[x] = cv::saturate_cast<uint8_t>(128 + 40 * p[x] / std::sqrt(s[x] + noise * noise));
  }
  return 1;
} catch (...) {
  return -1;
}

extern "C" int32_t copencv_blur(const float *source, int32_t width, int32_t height, double sigma,
                                float *destination) try {
  use_one_thread();
  cv::Mat out = floats(destination, width, height);
  cv::GaussianBlur(floats(source, width, height), out, cv::Size(0, 0), sigma, sigma,
                   cv::BORDER_REFLECT_101);
  return out.data == reinterpret_cast<uint8_t *>(destination) ? 1 : -1;
} catch (...) {
  return -1;
}

extern "C" int32_t copencv_box_mean(const float *source, int32_t width, int32_t height,
                                    int32_t radius, float *destination) try {
  use_one_thread();
  cv::Mat out = floats(destination, width, height);
  cv::boxFilter(floats(source, width, height), out, CV_32F, cv::Size(2 * radius + 1, 2 * radius + 1),
                cv::Point(-1, -1), true, cv::BORDER_REFLECT_101);
  return out.data == reinterpret_cast<uint8_t *>(destination) ? 1 : -1;
} catch (...) {
  return -1;
}

extern "C" int32_t copencv_whiten(const float *source, int32_t width, int32_t height, int32_t radius,
                                  float *destination) try {
  use_one_thread();
  cv::Mat spectrum;
  cv::dft(floats(source, width, height), spectrum, cv::DFT_COMPLEX_OUTPUT);
  cv::Mat parts[2], power;
  cv::split(spectrum, parts);
  power = parts[0].mul(parts[0]) + parts[1].mul(parts[1]);
  // The transform goes round its edges.
  cv::Mat wide;
  cv::copyMakeBorder(power, wide, radius, radius, radius, radius, cv::BORDER_WRAP);
  cv::boxFilter(wide, wide, CV_32F, cv::Size(2 * radius + 1, 2 * radius + 1));
  cv::Mat scale = wide(cv::Rect(radius, radius, width, height)) + 1e-20f;
  cv::sqrt(scale, scale);
  parts[0] /= scale;
  parts[1] /= scale;
  cv::merge(parts, 2, spectrum);
  cv::Mat out = floats(destination, width, height);
  cv::dft(spectrum, out, cv::DFT_INVERSE | cv::DFT_REAL_OUTPUT | cv::DFT_SCALE);
  return out.data == reinterpret_cast<uint8_t *>(destination) ? 1 : -1;
} catch (...) {
  return -1;
}

extern "C" int32_t copencv_resize(const float *source, int32_t width, int32_t height,
                                  int32_t to_width, int32_t to_height, float *destination) try {
  use_one_thread();
  cv::Mat out = floats(destination, to_width, to_height);
  cv::resize(floats(source, width, height), out, cv::Size(to_width, to_height), 0, 0,
             cv::INTER_CUBIC);
  return out.data == reinterpret_cast<uint8_t *>(destination) ? 1 : -1;
} catch (...) {
  return -1;
}

extern "C" int32_t copencv_local_correlation(const float *first, const float *second, int32_t width,
                                             int32_t height, int32_t radius, float noise,
                                             float *correlation, float *variance) try {
  use_one_thread();
  const cv::Mat a = floats(first, width, height), b = floats(second, width, height);
  const cv::Size window(2 * radius + 1, 2 * radius + 1);
  auto mean = [&](const cv::Mat &plane) {
    cv::Mat out;
    cv::boxFilter(plane, out, CV_32F, window, cv::Point(-1, -1), true, cv::BORDER_REFLECT_101);
    return out;
  };
  const cv::Mat mean_a = mean(a), mean_b = mean(b), mean_aa = mean(a.mul(a)),
                mean_bb = mean(b.mul(b)), mean_ab = mean(a.mul(b));
  for (int32_t y = 0; y < height; y++) {
    const float *ma = mean_a.ptr<float>(y), *mb = mean_b.ptr<float>(y),
                *aa = mean_aa.ptr<float>(y), *bb = mean_bb.ptr<float>(y),
                *ab = mean_ab.ptr<float>(y);
    float *c = correlation + static_cast<size_t>(y) * width;
    float *v = variance + static_cast<size_t>(y) * width;
    for (int32_t x = 0; x < width; x++) {
      const float var_a = std::max(0.0f, aa[x] - ma[x] * ma[x]);
      const float var_b = std::max(0.0f, bb[x] - mb[x] * mb[x]);
      v[x] = var_a;
      c[x] = (ab[x] - ma[x] * mb[x]) / std::sqrt((var_a + noise) * (var_b + noise));
    }
  }
  return 1;
} catch (...) {
  return -1;
}
