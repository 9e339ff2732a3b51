import ModelFile
import Vision

extension Information.SizeRule {
  /// The size of the network's input for a photograph.
  ///
  /// - Throws: ``SessionError/pictureSize(height:width:limit:)`` for photographs with a side outside of
  ///   1…32767, whose positions with 16 fraction bits leave 32 bits.
  public func pictureSize(
    photographHeight: Int,
    photographWidth: Int
  ) throws(SessionError) -> PictureSize {
    let limit = 32767
    guard (1...limit).contains(photographHeight), (1...limit).contains(photographWidth) else {
      throw .pictureSize(height: photographHeight, width: photographWidth, limit: limit)
    }
    let size: PictureSize
    switch self {
    case .edges(let shortest, let longest):
      let (height, width) = detrSize(
        height: photographHeight,
        width: photographWidth,
        shortestEdge: shortest,
        longestEdge: longest
      )
      size = PictureSize(height: height, width: width)
    case .fixed(let height, let width): size = PictureSize(height: height, width: width)
    case .unchanged: size = PictureSize(height: photographHeight, width: photographWidth)
    }
    try size.check()
    return size
  }
}
