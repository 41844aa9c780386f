/*
 * t_wampd_deflate_offer.c: agreeing on permessage-deflate (RFC 7692 section
 * 7.1).
 */
#include "tap.h"
#include "wampd/net/deflate_offer.h"

#define NAME	"permessage-deflate"
#define PLAIN	NAME "; server_no_context_takeover; client_no_context_takeover"
#define WINDOW	PLAIN "; server_max_window_bits=12"

static const struct {
	const char *offer;
	const char *answer;	/* NULL: declined */
} offers[] = {
	{ NAME, PLAIN },
	/* Chrome, Firefox and Safari, and Node's ws. */
	{ NAME "; client_max_window_bits", PLAIN },
	{ NAME ";client_max_window_bits", PLAIN },
	{ "\t" NAME " \t;  client_max_window_bits ", PLAIN },
	{ NAME "; client_max_window_bits=8", PLAIN },
	{ NAME "; client_max_window_bits=9", PLAIN },
	{ NAME "; client_max_window_bits=15", PLAIN },
	{ NAME "; client_max_window_bits = 10", PLAIN },
	{ NAME "; client_max_window_bits=\"10\"", PLAIN },
	{ NAME "; client_max_window_bits=\"\\1\\0\"", PLAIN },
	{ NAME "; client_max_window_bits = \"10\" ", PLAIN },
	{ NAME "; server_no_context_takeover", PLAIN },
	{ NAME "; client_no_context_takeover", PLAIN },
	{ NAME "; client_no_context_takeover; server_no_context_takeover",
	    PLAIN },
	{ NAME "; server_max_window_bits=12", WINDOW },
	{ NAME "; server_max_window_bits=13", WINDOW },
	{ NAME "; server_max_window_bits=15", WINDOW },
	{ NAME "; server_max_window_bits=\"15\"", WINDOW },
	{ NAME "; client_max_window_bits=8; server_max_window_bits=12; "
	    "server_no_context_takeover; client_no_context_takeover", WINDOW },

	/* Our window is larger. */
	{ NAME "; server_max_window_bits=8", NULL },
	{ NAME "; server_max_window_bits=9", NULL },
	{ NAME "; server_max_window_bits=10", NULL },
	{ NAME "; server_max_window_bits=11", NULL },
	{ NAME "; server_max_window_bits=\"11\"", NULL },

	/* Not a valid value. */
	{ NAME "; server_max_window_bits", NULL },
	{ NAME "; server_max_window_bits=", NULL },
	{ NAME "; server_max_window_bits=\"\"", NULL },
	{ NAME "; server_max_window_bits=7", NULL },
	{ NAME "; server_max_window_bits=16", NULL },
	{ NAME "; server_max_window_bits=012", NULL },
	{ NAME "; server_max_window_bits=115", NULL },
	{ NAME "; server_max_window_bits=+12", NULL },
	{ NAME "; server_max_window_bits=12x", NULL },
	{ NAME "; server_max_window_bits=1 2", NULL },
	{ NAME "; server_max_window_bits=\" 12\"", NULL },
	{ NAME "; server_max_window_bits=-1", NULL },
	{ NAME "; client_max_window_bits=", NULL },
	{ NAME "; client_max_window_bits=\"\"", NULL },
	{ NAME "; client_max_window_bits=0", NULL },
	{ NAME "; client_max_window_bits=7", NULL },
	{ NAME "; client_max_window_bits=08", NULL },
	{ NAME "; client_max_window_bits=16", NULL },
	{ NAME "; client_max_window_bits=1/", NULL },
	{ NAME "; client_max_window_bits=1.", NULL },
	{ NAME "; client_max_window_bits=1:", NULL },
	{ NAME "; client_max_window_bits=20", NULL },
	{ NAME "; client_max_window_bits=4294967306", NULL },
	{ NAME "; client_max_window_bits=true", NULL },
	{ NAME "; server_no_context_takeover=1", NULL },
	{ NAME "; server_no_context_takeover=", NULL },
	{ NAME "; server_no_context_takeover=\"\"", NULL },
	{ NAME "; client_no_context_takeover=true", NULL },

	/* Twice. */
	{ NAME "; server_no_context_takeover; server_no_context_takeover",
	    NULL },
	{ NAME "; client_max_window_bits; client_max_window_bits=15", NULL },
	{ NAME "; server_max_window_bits=15; server_max_window_bits=15",
	    NULL },

	/* Unknown, or not an offer. */
	{ NAME "; mux", NULL },
	{ NAME "; client_max_window_bits; x=1", NULL },
	{ NAME "; Client_max_window_bits", NULL },
	{ NAME "; client_max_window_bit", NULL },
	{ NAME "; client_max_window_bitss", NULL },
	{ NAME ";", NULL },
	{ NAME "; ", NULL },
	{ NAME "; client_max_window_bits;", NULL },
	{ NAME ";; client_max_window_bits", NULL },
	{ NAME "; =10", NULL },
	{ NAME "=10", NULL },
	{ NAME " client_max_window_bits", NULL },
	{ NAME ", " NAME, NULL },
	{ NAME "; client_max_window_bits=\"10", NULL },
	{ NAME "; client_max_window_bits=\"10\\", NULL },
	{ NAME "; client_max_window_bits=\"10\\\"", NULL },
	{ NAME "; client_max_window_bits=\"10\"5", NULL },
	{ NAME "; client_max_window_bits=10\"", NULL },
	{ NAME "; client_max_window_bits==10", NULL },
	{ NAME "; client_max_window_bits=10=", NULL },
	{ "Permessage-Deflate", NULL },
	{ "permessage-deflat", NULL },
	{ "permessage-deflate2", NULL },
	{ "permessage-bzip2", NULL },
	{ "x-webkit-deflate-frame", NULL },
	{ "\"permessage-deflate\"", NULL },
	{ "", NULL },
	{ " ", NULL },
	{ ";", NULL },
};

int
main(void)
{
	struct deflate_terms terms;
	struct buf out = { 0 };
	const char *got;
	size_t i;

	for (i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
		got = NULL;
		buf_reset(&out);
		if (deflate_offer_read(slice_str(offers[i].offer), &terms) &&
		    deflate_offer_answer(&terms, &out) == 0)
			got = buf_cstr(&out);
		tap_str(got, offers[i].answer, "offer: %s", offers[i].offer);
	}
	tap_ok(!deflate_offer_read(slice_of(NULL, 0), &terms), "no offer");
	buf_clear(&out);
	return tap_done();
}
