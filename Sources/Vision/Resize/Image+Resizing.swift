extension Image {
  /// The picture in another size, equal in every sample to Pillow's
  /// `resize((width, height), Image.BILINEAR)`.
  ///
  /// - Precondition: both sides and those of the picture are in 1...65 535.
  public func resized(width: Int, height: Int) -> Image {
    if width == self.width, height == self.height {
      return self
    }
    let plan = ResizePlan(
      sourceWidth: self.width,
      sourceHeight: self.height,
      width: width,
      height: height
    )
    var result = Image(width: width, height: height)
    var scratch = [UInt8](repeating: 0, count: plan.scratchByteCount)
    // The plan works on memory of its caller; these three arrays have the sizes that it states.
    pixels.withUnsafeBufferPointer { source in
      result.pixels.withUnsafeMutableBufferPointer { destination in
        scratch.withUnsafeMutableBytes { scratch in
          plan.run(
            source: source.baseAddress!,
            destination: destination.baseAddress!,
            scratch: scratch.baseAddress!
          )
        }
      }
    }
    return result
  }
}
