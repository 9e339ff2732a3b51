/// Where each image and category stands among the sorted ids.
struct PositionTable {
  /// The number of images.
  let imageCount: Int
  /// The number of categories.
  let categoryCount: Int

  private let images: [Int: Int]
  private let categories: [Int: Int]

  /// Makes the table.
  ///
  /// - Parameters:
  ///   - imageIDs: distinct ids in order.
  ///   - categoryIDs: distinct ids in order.
  init(imageIDs: [Int], categoryIDs: [Int]) {
    imageCount = imageIDs.count
    categoryCount = categoryIDs.count
    images = Dictionary(uniqueKeysWithValues: zip(imageIDs, imageIDs.indices))
    categories = Dictionary(uniqueKeysWithValues: zip(categoryIDs, categoryIDs.indices))
  }

  /// The position of an image, or `nil` for an id that is not listed.
  func image(_ id: Int) -> Int? { images[id] }

  /// The position of a category, or `nil` for an id that is not listed.
  func category(_ id: Int) -> Int? { categories[id] }
}

/// The indices of a list's elements, by category, then by image, then in the list's order.
///
/// Elements whose image or category is not in the table are left out. Two counting sorts, so time and
/// memory are linear in the lengths of the list and of the table.
struct GroupedIndices {
  private var order: [Int] = []
  private var categoryStarts: [Int]
  private var images: [Int]

  /// Groups a list.
  ///
  /// - Parameters:
  ///   - elements: the list.
  ///   - positions: the images and categories that count.
  ///   - ids: an element's image id and category id.
  init<Element>(
    _ elements: [Element],
    _ positions: PositionTable,
    ids: (Element) -> (image: Int, category: Int)
  ) {
    images = Array(repeating: 0, count: elements.count)
    var categories = images
    for (index, element) in elements.enumerated() {
      let (imageID, categoryID) = ids(element)
      guard let image = positions.image(imageID), let category = positions.category(categoryID)
      else { continue }
      images[index] = image
      categories[index] = category
      order.append(index)
    }
    Self.sort(&order, by: images, count: positions.imageCount)
    categoryStarts = Self.sort(&order, by: categories, count: positions.categoryCount)
  }

  /// The image position of an element.
  ///
  /// - Parameter index: the element's index in the list.
  /// - Returns: the position.
  func image(_ index: Int) -> Int { images[index] }

  /// The indices of a category's elements, by image, then rising.
  ///
  /// - Parameter category: the category's position.
  /// - Returns: the indices.
  func indices(category: Int) -> ArraySlice<Int> {
    order[categoryStarts[category]..<categoryStarts[category + 1]]
  }

  /// Sorts stably by counting.
  ///
  /// - Returns: for each key where it starts, and the end.
  @discardableResult
  private static func sort(_ order: inout [Int], by keys: [Int], count: Int) -> [Int] {
    var starts = Array(repeating: 0, count: count + 1)
    for index in order { starts[keys[index] + 1] += 1 }
    for key in 0..<count { starts[key + 1] += starts[key] }
    var next = starts
    var sorted = order
    for index in order {
      sorted[next[keys[index]]] = index
      next[keys[index]] += 1
    }
    order = sorted
    return starts
  }
}

extension ArraySlice {
  /// Takes the leading elements that satisfy a condition away.
  ///
  /// - Parameter condition: true for elements to take.
  /// - Returns: those elements.
  mutating func removePrefix(while condition: (Element) -> Bool) -> ArraySlice {
    let end = firstIndex { !condition($0) } ?? endIndex
    defer { self = self[end...] }
    return self[..<end]
  }
}
