/// The type of the integers of a value; its name is also the class of its colour.
public enum NumberFormat: String, Sendable {
  case uint8, int8, int16, int32
}
