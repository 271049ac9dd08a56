// The functions of OpenCV that are called, by their names in objects; one that is missing here is an
// error of the linker.
#include "CLateBinding.h"

  LATE_BEGIN COpenCV
  // cv::_InputArray::_InputArray(cv::MatExpr const&)
  LATE_FUNCTION COpenCV, _ZN2cv11_InputArrayC1ERKNS_7MatExprE
  // cv::GaussianBlur(cv::_InputArray const&, cv::_OutputArray const&, cv::Size_<int>, double, double
  LATE_FUNCTION COpenCV, _ZN2cv12GaussianBlurERKNS_11_InputArrayERKNS_12_OutputArrayENS_5Size_IiEEddi
  // cv::setNumThreads(int)
  LATE_FUNCTION COpenCV, _ZN2cv13setNumThreadsEi
  // cv::copyMakeBorder(cv::_InputArray const&, cv::_OutputArray const&, int, int, int, int, int, cv:
  LATE_FUNCTION COpenCV, _ZN2cv14copyMakeBorderERKNS_11_InputArrayERKNS_12_OutputArrayEiiiiiRKNS_7Scalar_IdEE
  // cv::findHomography(cv::_InputArray const&, cv::_InputArray const&, int, double, cv::_OutputArray
  LATE_FUNCTION COpenCV, _ZN2cv14findHomographyERKNS_11_InputArrayES2_idRKNS_12_OutputArrayEid
  // cv::warpPerspective(cv::_InputArray const&, cv::_OutputArray const&, cv::_InputArray const&, cv:
  LATE_FUNCTION COpenCV, _ZN2cv15warpPerspectiveERKNS_11_InputArrayERKNS_12_OutputArrayES2_NS_5Size_IiEEiiRKNS_7Scalar_IdEE
  // cv::getVersionString[abi:cxx11]()
  LATE_FUNCTION COpenCV, _ZN2cv16getVersionStringB5cxx11Ev
  // cv::goodFeaturesToTrack(cv::_InputArray const&, cv::_OutputArray const&, int, double, double, cv
  LATE_FUNCTION COpenCV, _ZN2cv19goodFeaturesToTrackERKNS_11_InputArrayERKNS_12_OutputArrayEiddS2_ibd
  // cv::calcOpticalFlowPyrLK(cv::_InputArray const&, cv::_InputArray const&, cv::_InputArray const&,
  LATE_FUNCTION COpenCV, _ZN2cv20calcOpticalFlowPyrLKERKNS_11_InputArrayES2_S2_RKNS_17_InputOutputArrayERKNS_12_OutputArrayES8_NS_5Size_IiEEiNS_12TermCriteriaEid
  // cv::buildOpticalFlowPyramid(cv::_InputArray const&, cv::_OutputArray const&, cv::Size_<int>, int
  LATE_FUNCTION COpenCV, _ZN2cv23buildOpticalFlowPyramidERKNS_11_InputArrayERKNS_12_OutputArrayENS_5Size_IiEEibiib
  // cv::Mat::Mat(cv::Mat const&, cv::Rect_<int> const&)
  LATE_FUNCTION COpenCV, _ZN2cv3MatC1ERKS0_RKNS_5Rect_IiEE
  // cv::Mat::Mat(int, int, int, void*, unsigned long)
  LATE_FUNCTION COpenCV, _ZN2cv3MatC1EiiiPvm
  // cv::Mat::Mat(int, int, int, cv::Scalar_<double> const&)
  LATE_FUNCTION COpenCV, _ZN2cv3MatC1EiiiRKNS_7Scalar_IdEE
  // cv::Mat::Mat()
  LATE_FUNCTION COpenCV, _ZN2cv3MatC1Ev
  // cv::Mat::~Mat()
  LATE_FUNCTION COpenCV, _ZN2cv3MatD1Ev
  // cv::ORB::create(int, float, int, int, int, int, cv::ORB::ScoreType, int, int)
  LATE_FUNCTION COpenCV, _ZN2cv3ORB6createEifiiiiNS0_9ScoreTypeEii
  // cv::dft(cv::_InputArray const&, cv::_OutputArray const&, int, int)
  LATE_FUNCTION COpenCV, _ZN2cv3dftERKNS_11_InputArrayERKNS_12_OutputArrayEii
  // cv::sqrt(cv::_InputArray const&, cv::_OutputArray const&)
  LATE_FUNCTION COpenCV, _ZN2cv4sqrtERKNS_11_InputArrayERKNS_12_OutputArrayE
  // cv::merge(cv::Mat const*, unsigned long, cv::_OutputArray const&)
  LATE_FUNCTION COpenCV, _ZN2cv5mergeEPKNS_3MatEmRKNS_12_OutputArrayE
  // cv::split(cv::Mat const&, cv::Mat*)
  LATE_FUNCTION COpenCV, _ZN2cv5splitERKNS_3MatEPS0_
  // cv::divide(cv::_InputArray const&, cv::_InputArray const&, cv::_OutputArray const&, double, int)
  LATE_FUNCTION COpenCV, _ZN2cv6divideERKNS_11_InputArrayES2_RKNS_12_OutputArrayEdi
  // cv::resize(cv::_InputArray const&, cv::_OutputArray const&, cv::Size_<int>, double, double, int)
  LATE_FUNCTION COpenCV, _ZN2cv6resizeERKNS_11_InputArrayERKNS_12_OutputArrayENS_5Size_IiEEddi
  // cv::noArray()
  LATE_FUNCTION COpenCV, _ZN2cv7noArrayEv
  // cv::subtract(cv::_InputArray const&, cv::_InputArray const&, cv::_OutputArray const&, cv::_Input
  LATE_FUNCTION COpenCV, _ZN2cv8subtractERKNS_11_InputArrayES2_RKNS_12_OutputArrayES2_i
  // cv::boxFilter(cv::_InputArray const&, cv::_OutputArray const&, int, cv::Size_<int>, cv::Point_<i
  LATE_FUNCTION COpenCV, _ZN2cv9boxFilterERKNS_11_InputArrayERKNS_12_OutputArrayEiNS_5Size_IiEENS_6Point_IiEEbi
  // cv::operator+(cv::Mat const&, cv::Scalar_<double> const&)
  LATE_FUNCTION COpenCV, _ZN2cvplERKNS_3MatERKNS_7Scalar_IdEE
  // cv::operator+(cv::MatExpr const&, cv::MatExpr const&)
  LATE_FUNCTION COpenCV, _ZN2cvplERKNS_7MatExprES2_
  // cv::Mat::mul(cv::_InputArray const&, double) const
  LATE_FUNCTION COpenCV, _ZNK2cv3Mat3mulERKNS_11_InputArrayEd
  // cv::Mat::empty() const
  LATE_FUNCTION COpenCV, _ZNK2cv3Mat5emptyEv
  // cv::Mat::total() const
  LATE_FUNCTION COpenCV, _ZNK2cv3Mat5totalEv
  // cv::Mat::convertTo(cv::_OutputArray const&, int, double, double) const
  LATE_FUNCTION COpenCV, _ZNK2cv3Mat9convertToERKNS_12_OutputArrayEidd
  LATE_END COpenCV
