/*
 * num.h: numbers in options and configuration.
 */
#pragma once

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* A decimal integer between min and max, the whole of s.  0 or -1. */
int	num_int(int64_t *out, const char *s, int64_t min, int64_t max,
	    struct errbuf *e);

/* A size in bytes: digits, then nothing, B, k/K/KiB, M/MiB or G/GiB (powers
 * of 1024; kB, MB, GB are powers of 1000).  0 or -1. */
int	num_size(uint64_t *out, const char *s, struct errbuf *e);

/* A duration in milliseconds: "90", "1.5" (seconds), "250ms", "90s", "10m",
 * "2h", "1d".  Never negative.  0 or -1. */
int	num_duration(int64_t *out_ms, const char *s, struct errbuf *e);

/* The value of a hexadecimal digit, or -1. */
int	num_hex_digit(char c);

/* Append a regular expression (ECMA 262) for the texts that num_size() and
 * num_duration() accept, without their limits.  0, or -1 when out of memory. */
int	num_size_pattern(struct buf *out);
int	num_duration_pattern(struct buf *out);
