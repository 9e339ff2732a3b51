#if arch(arm64) || arch(arm)
  import FixedPoint
  import Kernels
  import _Builtin_intrinsics.arm.neon

  /// The sums of 16 channels.
  ///
  /// It is a tuple because a named type would bring metadata, whose functions are weak symbols.
  private typealias PixelSums = (Register, Register, Register, Register)

  /// Adds one pixel times its weight.
  @_transparent
  private func addPixel(_ sums: inout PixelSums, _ pixel: UnsafeRawPointer, _ weight: Int16) {
    let bytes = pixel.loadUnaligned(as: int8x16_t.self)
    let low = vmovl_s8(vget_low_s8(bytes))
    let high = vmovl_s8(vget_high_s8(bytes))
    let factor = vdup_n_s16(weight)
    sums.0 = vmlal_s16(sums.0, vget_low_s16(low), factor)
    sums.1 = vmlal_s16(sums.1, vget_high_s16(low), factor)
    sums.2 = vmlal_s16(sums.2, vget_low_s16(high), factor)
    sums.3 = vmlal_s16(sums.3, vget_high_s16(high), factor)
  }

  /// Sums and stores the weighted pixels of ``samplingChannels`` channels, and returns that number.
  ///
  /// `places` holds for each sample four places, in bytes from the first token, then the weights of the
  /// top pair and of the bottom pair, each array `padded` long.
  @_transparent
  func sumPixels(
    _ call: DeformableSampling,
    _ channel: Int,
    _ samples: Int,
    _ places: UnsafeMutablePointer<Int32>,
    _ padded: Int,
    _ output: UnsafeMutableRawPointer
  ) -> Int {
    let value = call.value + channel
    var sums: PixelSums = (zeroes(), zeroes(), zeroes(), zeroes())
    var sample = places
    let end = places + samples
    while sample < end {
      let top = vreinterpret_s16_s32(vdup_n_s32(sample[4 &* padded]))
      addPixel(&sums, value + Int(sample[0]), top[0])
      addPixel(&sums, value + Int(sample[padded]), top[1])
      let bottom = vreinterpret_s16_s32(vdup_n_s32(sample[5 &* padded]))
      addPixel(&sums, value + Int(sample[2 &* padded]), bottom[0])
      addPixel(&sums, value + Int(sample[3 &* padded]), bottom[1])
      sample += 1
    }
    let rescale = call.outputRescale
    let element = call.outputElement
    storeRescaled(sums.0, rescale, call.zeroPoint, output, channel, element)
    storeRescaled(sums.1, rescale, call.zeroPoint, output, channel &+ lanes, element)
    storeRescaled(sums.2, rescale, call.zeroPoint, output, channel &+ 2 &* lanes, element)
    storeRescaled(sums.3, rescale, call.zeroPoint, output, channel &+ 3 &* lanes, element)
    return samplingChannels
  }
#endif
