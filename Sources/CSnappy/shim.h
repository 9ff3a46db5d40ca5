// Thermocline: facility telemetry and thermal management for AI data centres.
// SPDX-License-Identifier: Apache-2.0

#ifndef THERMOCLINE_CSNAPPY_SHIM_H
#define THERMOCLINE_CSNAPPY_SHIM_H

#include <snappy-c.h>

#endif
