// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The operating system's error numbers that are told apart here.
enum SystemErrors {
    static let addressInUse: CInt = EADDRINUSE
    static let addressNotAvailable: CInt = EADDRNOTAVAIL
    static let connectionRefused: CInt = ECONNREFUSED
    static let noSuchFile: CInt = ENOENT
    static let permissionDenied: CInt = EACCES
}
