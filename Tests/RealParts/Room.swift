// RealParts
