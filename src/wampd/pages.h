/*
 * pages.h: the pages that the broker serves by HTTP: health and metrics.
 */
#pragma once

#include "base/err.h"

struct broker;
struct config;
struct pages;
struct tls;
struct ws;

/* Make the pages and add them to the transport, as the configuration says.  The
 * broker, the transport and tls are borrowed, which may be NULL; the
 * configuration is not needed afterwards.  NULL with *e filled on failure. */
struct pages *pages_new(struct broker *b, struct ws *ws,
	    const struct tls *tls, const struct config *cfg,
	    struct errbuf *e);

/* The transport must be freed before.  NULL is fine. */
void	pages_free(struct pages *p);
