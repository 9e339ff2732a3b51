#if arch(x86_64)
  import Kernels

  // Pieces are read by registers, then by 16 bytes and by groups, so that nothing past them is touched.

  /// Finds the greatest and the least input of each column, groups of all runs one after the other.
  @inline(never)
  func findColumnBounds(
    _ call: MatrixProduct,
    _ maxima: UnsafeMutableRawPointer,
    _ minima: UnsafeMutableRawPointer
  ) {
    let runBytes = call.groupsPerRun &* 4
    var run = 0
    while run < call.runs {
      let place = run &* runBytes
      var offset = 0
      while offset &+ 4 &* lanes <= runBytes {
        let bounds = columnBounds(call, run, offset, load)
        store(bounds.highest, maxima + (place &+ offset))
        store(bounds.lowest, minima + (place &+ offset))
        offset &+= 4 &* lanes
      }
      while offset &+ 16 <= runBytes {
        let bounds = columnBounds(call, run, offset, loadGroups)
        storeGroups(bounds.highest, maxima + (place &+ offset))
        storeGroups(bounds.lowest, minima + (place &+ offset))
        offset &+= 16
      }
      while offset < runBytes {
        let bounds = columnBounds(call, run, offset, loadGroup)
        storeGroup(bounds.highest, maxima + (place &+ offset))
        storeGroup(bounds.lowest, minima + (place &+ offset))
        offset &+= 4
      }
      run &+= 1
    }
  }

  /// Bounds of as many columns of a run as `loadColumns` reads.
  @inline(__always)
  private func columnBounds(
    _ call: MatrixProduct,
    _ run: Int,
    _ offset: Int,
    _ loadColumns: (UnsafeRawPointer) -> Register
  ) -> (highest: Register, lowest: Register) {
    var piece = call.rows + run
    let end = piece + call.rowCount &* call.runs
    var highest = loadColumns(piece[0] + offset)
    var lowest = highest
    piece += call.runs
    while piece < end {
      let inputs = loadColumns(piece[0] + offset)
      highest = maximumUnsigned8(highest, inputs)
      lowest = minimumUnsigned8(lowest, inputs)
      piece += call.runs
    }
    return (highest: highest, lowest: lowest)
  }

  /// Whether inputs less the least of their column are small enough to be worth a copy.
  ///
  /// Then the sums of the minima are those of one more row, and bounds are those of differences and of minima.
  @inline(never)
  func isWorthCentering(
    _ maxima: UnsafeRawPointer,
    _ minima: UnsafeRawPointer,
    _ count: Int
  ) -> Bool {
    var plain = 0
    var centred = 0
    var index = 0
    while index < count {
      let highest = Int(maxima.load(fromByteOffset: index, as: UInt8.self))
      let lowest = Int(minima.load(fromByteOffset: index, as: UInt8.self))
      plain &+= highest
      centred &+= max(highest &- lowest, lowest)
      index &+= 1
    }
    return plain > 64 &* count && 8 &* centred < 7 &* plain
  }

  /// Copies all rows less the minima of their columns and makes the maxima those of what remains.
  ///
  /// - Parameters:
  ///   - call: whose rows they are.
  ///   - maxima: of the columns; afterwards those of the differences and of the minima.
  ///   - minima: of the columns.
  ///   - copies: rows of `runs · groupsPerRun · 4` bytes.
  ///   - pointers: one to each copy and after them one to the minima.
  @inline(never)
  func centerInputs(
    _ call: MatrixProduct,
    _ maxima: UnsafeMutableRawPointer,
    _ minima: UnsafeMutableRawPointer,
    _ copies: UnsafeMutableRawPointer,
    _ pointers: UnsafeMutablePointer<UnsafeRawPointer>
  ) {
    let runBytes = call.groupsPerRun &* 4
    let rowBytes = call.runs &* runBytes
    var destination = copies
    var row = 0
    while row < call.rowCount {
      pointers[row] = UnsafeRawPointer(destination)
      var run = 0
      while run < call.runs {
        let piece = call.rows[row &* call.runs &+ run]
        let lowest = minima + run &* runBytes
        var offset = 0
        while offset &+ 4 &* lanes <= runBytes {
          store(subtract8(load(piece + offset), load(lowest + offset)), destination + offset)
          offset &+= 4 &* lanes
        }
        while offset &+ 16 <= runBytes {
          let difference = subtract8(loadGroups(piece + offset), loadGroups(lowest + offset))
          storeGroups(difference, destination + offset)
          offset &+= 16
        }
        while offset < runBytes {
          let difference = subtract8(loadGroup(piece + offset), loadGroup(lowest + offset))
          storeGroup(difference, destination + offset)
          offset &+= 4
        }
        destination += runBytes
        run &+= 1
      }
      row &+= 1
    }
    pointers[row] = UnsafeRawPointer(minima)
    var offset = 0
    while offset < rowBytes {
      let lowest = loadGroup(minima + offset)
      let difference = subtract8(loadGroup(maxima + offset), lowest)
      storeGroup(maximumUnsigned8(difference, lowest), maxima + offset)
      offset &+= 4
    }
  }
#endif
