import Messages

/// Where the pixels of a frame lie: format, size, and the bytes from one row to the next.
///
///     let layout = try FrameLayout(format: .nv12, width: 640, height: 480)
///     layout.byteCount      // 460 800: 640 · 480 of Y, then 640 · 240 of Cb and Cr
///
/// The planes of a frame may lie apart; in one piece the second follows the first.
public struct FrameLayout: Equatable, Sendable {
  /// The longest side of a frame.
  public static let longestSide = 32_767

  public let format: PixelFormat
  /// Columns of pixels.
  public let width: Int
  /// Rows of pixels.
  public let height: Int
  /// Bytes from one row of the first plane to the next.
  public let stride: Int
  /// Bytes from one row of Cb and Cr to the next; 0 where there is no second plane.
  public let chromaStride: Int
  /// Bytes of the first plane; rows are as long as the stride, the last one too.
  public let firstPlaneByteCount: Int
  /// Bytes of the plane of Cb and Cr; 0 where there is none.
  public let secondPlaneByteCount: Int

  /// Checks and completes a layout.
  ///
  /// - Parameters:
  ///   - format: the pixel format.
  ///   - width: columns, 1 to ``longestSide``.
  ///   - height: rows, 1 to ``longestSide``.
  ///   - stride: bytes from row to row of the first plane; without padding by default.
  ///   - chromaStride: the same of the second plane; by default as long as the first plane's, made even.
  /// - Throws: ``FrameError``.
  public init(
    format: PixelFormat,
    width: Int,
    height: Int,
    stride: Int? = nil,
    chromaStride: Int? = nil
  ) throws(FrameError) {
    guard (1...Self.longestSide).contains(width), (1...Self.longestSide).contains(height) else {
      throw .size(width: width, height: height, limit: Self.longestSide)
    }
    self.format = format
    self.width = width
    self.height = height
    let shortest = format.rowByteCount(width: width)
    self.stride = stride ?? shortest
    guard self.stride >= shortest else {
      throw .stride(plane: 0, found: self.stride, needed: shortest)
    }
    firstPlaneByteCount = try Self.product(self.stride, height)
    guard format == .nv12 else {
      guard (chromaStride ?? 0) == 0 else { throw .noSecondPlane(format: format) }
      self.chromaStride = 0
      secondPlaneByteCount = 0
      return
    }
    let shortestChroma = (width + 1) / 2 * 2
    self.chromaStride = chromaStride ?? max(self.stride, shortestChroma)
    guard self.chromaStride >= shortestChroma else {
      throw .stride(plane: 1, found: self.chromaStride, needed: shortestChroma)
    }
    secondPlaneByteCount = try Self.product(self.chromaStride, (height + 1) / 2)
    guard !firstPlaneByteCount.addingReportingOverflow(secondPlaneByteCount).overflow else {
      throw .tooManyBytes(stride: self.stride, height: height)
    }
  }

  /// Bytes of a frame in one piece.
  public var byteCount: Int { firstPlaneByteCount + secondPlaneByteCount }

  private static func product(_ stride: Int, _ rows: Int) throws(FrameError) -> Int {
    let (bytes, overflow) = stride.multipliedReportingOverflow(by: rows)
    guard !overflow else { throw .tooManyBytes(stride: stride, height: rows) }
    return bytes
  }
}

/// Why a frame cannot be read.
public enum FrameError: Error, Equatable, Sendable {
  case size(width: Int, height: Int, limit: Int)
  case stride(plane: Int, found: Int, needed: Int)
  case noSecondPlane(format: PixelFormat)
  case tooManyBytes(stride: Int, height: Int)
  case byteCount(plane: Int, found: Int, needed: Int)
}

extension FrameError: CustomStringConvertible {
  /// What is wrong, what was found and what is needed, in one line.
  public var description: String { message.text }

  private var message: Message {
    switch self {
    case .size(let width, let height, let limit):
      "a frame of \(width)x\(height): both sides must be 1 to \(limit)"
    case .stride(let plane, let found, let needed):
      "plane \(plane): \(found) bytes from row to row, at least \(needed) are needed"
    case .noSecondPlane(let format): "\(format.name) has no second plane, its stride must be 0"
    case .tooManyBytes(let stride, let height):
      "\(height) rows of \(stride) bytes are more than this machine can address"
    case .byteCount(let plane, let found, let needed):
      "plane \(plane): the frame needs \(needed) bytes, \(found) are given"
    }
  }
}
