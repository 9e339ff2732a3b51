/// How a camera or a decoder lays out the pixels of a frame.
///
/// | name | bytes of a row | ffmpeg | GStreamer, libcamera |
/// |---|---|---|---|
/// | `rgb24` | 3 w: R G B | `rgb24` | `RGB`, `BGR888` |
/// | `bgr24` | 3 w: B G R | `bgr24` | `BGR`, `RGB888` |
/// | `rgba` | 4 w: R G B A, A is ignored | `rgba`, `rgb0` | `RGBA`, `RGBx` |
/// | `bgra` | 4 w: B G R A, A is ignored | `bgra`, `bgr0` | `BGRA`, `BGRx` |
/// | `nv12` | a plane of Y (w), then one of Cb Cr at half the size both ways (2 ⌈w/2⌉) | `nv12` | `NV12` |
/// | `yuyv` | 4 ⌈w/2⌉: Y Cb Y Cr | `yuyv422` | `YUY2`, `YUYV` |
///
/// The raw values are those of `edgedetr.h`.
public enum PixelFormat: Int32, CaseIterable, Sendable {
  case rgb24 = 0
  case bgr24 = 1
  case rgba = 2
  case bgra = 3
  case nv12 = 4
  case yuyv = 5

  /// The name as in the table above.
  public var name: StaticString {
    switch self {
    case .rgb24: "rgb24"
    case .bgr24: "bgr24"
    case .rgba: "rgba"
    case .bgra: "bgra"
    case .nv12: "nv12"
    case .yuyv: "yuyv"
    }
  }

  /// Bytes of a row of the first plane without padding.
  func rowByteCount(width: Int) -> Int {
    switch self {
    case .rgb24, .bgr24: 3 * width
    case .rgba, .bgra: 4 * width
    case .nv12: width
    case .yuyv: (width + 1) / 2 * 4
    }
  }
}
