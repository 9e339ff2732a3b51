/// The stack and the values that are remembered under numbers.
extension PickleMachine {
  mutating func pop() throws(PickleError) -> PickleValue {
    guard stack.count > marks.last ?? 0 else { throw .stackUnderflow(offset: start) }
    return stack.removeLast()
  }

  mutating func pop(_ count: Int) throws(PickleError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else { throw .stackUnderflow(offset: start) }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  mutating func popToMark() throws(PickleError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw .noMark(offset: start) }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  func top() throws(PickleError) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw .stackUnderflow(offset: start)
    }
    return value
  }

  func pairs(_ items: [PickleValue]) throws(PickleError) -> [PickleValue] {
    guard items.count % 2 == 0 else { throw .stackUnderflow(offset: start) }
    return items
  }

  mutating func recall(_ number: UInt64) throws(PickleError) {
    let value =
      number < UInt64(memory.count) ? memory[Int(number)] : scatteredMemory[number]
    guard let value else { throw .nothingRemembered(offset: start, number: number) }
    stack.append(value)
  }

  mutating func remember(_ number: UInt64) throws(PickleError) {
    let value = try top()
    if number < UInt64(memory.count) {
      memory[Int(number)] = value
    } else if number == UInt64(memory.count) {
      memory.append(value)
      scatteredMemory[number] = nil
    } else {
      scatteredMemory[number] = value
    }
  }
}
