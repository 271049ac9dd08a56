#include "CLateBinding.h"
#include "COpenCV.h"

#include <opencv2/core/version.hpp>

// Sonames are made of both numbers of a version, such as 406: only patches keep structures as they are.
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)
#if CV_VERSION_MINOR < 10
#define FILE_NAME(name) "libopencv_" name ".so." TEXT(CV_VERSION_MAJOR) "0" TEXT(CV_VERSION_MINOR)
#else
#define FILE_NAME(name) "libopencv_" name ".so." TEXT(CV_VERSION_MAJOR) TEXT(CV_VERSION_MINOR)
#endif

LATE_LIBRARY(COpenCV, "OpenCV", FILE_NAME("core"), FILE_NAME("imgproc"), FILE_NAME("features2d"),
             FILE_NAME("calib3d"), FILE_NAME("video"));

const char *copencv_load(void) { return late_load(&COpenCV_library); }
