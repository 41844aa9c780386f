/*
 * proxy_header.h: the header of the PROXY protocol, with which a proxy tells
 * whom it connects (haproxy's proxy-protocol.txt, section 2: "The PROXY
 * protocol header", version 1 in 2.1 and version 2 in 2.2).
 *
 * The header is the first thing that a connection sends, before TLS.  What is
 * malformed is an error: section 2 forbids to guess whether there is a header.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"
#include "wampd/core/address.h"

#define PROXY_HEADER_V1_MAX	107	/* bytes, with CR LF (section 2.1) */
#define PROXY_HEADER_V2_HEAD	16	/* bytes in front of the addresses */
#define PROXY_HEADER_V2_MAX	(PROXY_HEADER_V2_HEAD + 4096)

enum proxy_header_got {
	PROXY_HEADER_MORE,	/* it is not complete */
	PROXY_HEADER_DONE,
	PROXY_HEADER_NONE,	/* this is no header */
	PROXY_HEADER_BAD,	/* it is malformed, as `fault` says */
};

struct proxy_header {
	size_t	       len;	/* bytes */
	struct address from;	/* of the client; AF_UNSPEC: the proxy does not
				 * say it, or is the client itself (LOCAL,
				 * UNKNOWN): then the socket's address counts */
	const char    *fault;	/* static */
};

/* Read the header at the start of the input.  It is found to be too long before
 * more than PROXY_HEADER_V2_MAX bytes have come. */
enum proxy_header_got proxy_header_read(struct slice in,
	    struct proxy_header *out);
