/*
 * server_certificate.c: what wampd.info and wampd.check tell of the broker's
 * certificates.
 */
#include "wampd/core/broker.h"
#include "wampd/net/tls.h"
#include "wampd/server_parts.h"

#define DAY	86400000.0	/* ms */

static int
certificate_info(void *ctx, struct buf *out)
{
	const struct server *s = ctx;

	if (s->tls == NULL)
		return 0;
	return buf_addf(out, ",\"certificate\":%.3f", (double)(
	    tls_soonest(s->tls).not_after - s->broker->wall()) / DAY);
}

static void
certificate_free(void *ctx)
{
	(void)ctx;	/* it is the server */
}

int
server_tell_certificate(struct server *s, struct errbuf *e)
{
	static const struct tap_ops ops = {
		.name = "certificate",
		.info = certificate_info,
		.free = certificate_free,
	};

	if (tap_add(&s->broker->taps, &ops, s) != NULL)
		return 0;
	err_set(e, "out of memory");
	return -1;
}
