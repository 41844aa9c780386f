/*
 * certificate.h: when the certificates of a server expire, seen from outside.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"
#include "base/exit.h"

/* Connect to a wss:// URL and look at the certificates that the server sends,
 * whether or not they are trusted.  *days is when the first of them expires;
 * negative: it has.  timeout_ms bounds each wait; 0: none. */
enum exit_status certificate_look(double *days, const char *url,
	    int64_t timeout_ms, struct errbuf *e);
