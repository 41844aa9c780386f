/*
 * ws_conn.h: a connection of the WebSocket transport, and what its parts share.
 *
 *	           accepted
 *	              |
 *	              v          its header is bad
 *	  +-------- PROXY ---------------------+   (behind a proxy only)
 *	  |           |                        |
 *	  |           v          TLS fails     |
 *	  +------- SECURING -------------------+   (with TLS only)
 *	  |           |                        |
 *	  |           v     refused            |
 *	  |  +----- HEAD ------------------+   |
 *	  |  |    ^ | | ^                  |   |
 *	  |  |    | | v | its turn         |   |
 *	  |  |    | | READY                |   |
 *	  |  |        |                    |   |
 *	  |  |        +--- no session ---+ |   |
 *	  |  | 101    v                  | |   |
 *	  |  +----> OPEN ----------------|-|---|--- dropped, no close frame ---+
 *	  |           |   \              | |   |                               |
 *	  |  its Close|    \ our Close   | |   |                               |
 *	  |           v     v            v v   |                               |
 *	  |       LEAVING  GOODBYE <-----+ |   |                               |
 *	  |           |       |            |   |                               |
 *	  |  our Close|       | its Close  |   |                               |
 *	  |           v       v            v   v                               |
 *	  |         FAREWELL <-----------------------------------------------+
 *	  |           |
 *	  v           v  the peer ends, or its time is up
 *	  +-------> GONE       (from every state: the peer hangs up)
 *
 * From HEAD, a request for a server of HTTP leads to RELAYED, and from there to
 * FAREWELL.  The answer of a page leads to KEPT, and the next request of the
 * same client back to HEAD; the last answer leads to FAREWELL.  A request whose
 * sender must be identified by somebody else leads from HEAD to ASKING, and the
 * answer back to HEAD, or to FAREWELL if the request is refused.  conn_move()
 * knows all edges, and stops the broker at another one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "wampd/auth/identify.h"
#include "wampd/auth/origin.h"
#include "wampd/net/deflate.h"
#include "wampd/net/door.h"
#include "wampd/net/handshake.h"
#include "wampd/net/site.h"
#include "wampd/net/stream.h"
#include "wampd/net/ws.h"
#include "wampd/net/ws_head.h"
#include "wampd/net/ws_reader.h"

struct relay;
struct session;

enum conn_state {
	CONN_PROXY,	/* the header of the PROXY protocol is coming */
	CONN_SECURING,	/* the handshake of TLS */
	CONN_HEAD,	/* the head of the request is coming */
	CONN_READY,	/* it is there, and waits for its turn */
	CONN_ASKING,	/* who sends it is being found out */
	CONN_OPEN,	/* has a session */
	CONN_LEAVING,	/* the peer has sent a Close; the session ends */
	CONN_GOODBYE,	/* we have sent a Close, and wait for the peer's */
	CONN_FAREWELL,	/* all is said: wait for the peer to hang up */
	CONN_RELAYED,	/* a server of HTTP answers */
	CONN_KEPT,	/* answered, and waits for another request */
	CONN_GONE,	/* being closed */
	CONN_STATES
};

/* What a connection has only before and after its session. */
struct ws_visit {
	struct visit	 visit;		/* first; of the door before the
					 * session, of ws->kept, of farewells
					 * after it */
	struct ws_conn	*conn;
	TAILQ_ENTRY(ws_visit) ready_link; /* ws->ready */
	struct address	 peer;		/* of a connection without session; if
					 * a proxy tells its client's, that */
	struct tls	*tls;		/* borrowed; TLS begins behind the
					 * header of PROXY; or NULL */
	bool		 proxied;	/* it came over a proxy of ours */
	bool		 trusted;	/* whose fields tell the truth */
	bool		 plain;		/* it came where HTTP alone is spoken */
	bool		 located;	/* they were read */
	struct identity_ask ask;	/* while it is ASKING */
	const struct principal *principal; /* a reference; NULL: not known */
	struct http_scan scan;
	struct buf	 answer;	/* the 101, not sent yet: it leaves with
					 * WELCOME */
	struct relay	*relay;		/* borrowed; while it is RELAYED */
	bool		 admitted;	/* its turn has come */
	bool		 head_only;	/* an answer has no body */
	bool		 local;		/* see struct origin_verdict */
	bool		 no_origin;	/* there is none, but one is wanted */
	uint8_t		 close_len;	/* bytes of close */
	char		 close[WS_CONTROL_MAX]; /* the payload of the peer's
					 * Close, for our answer */
};

struct ws_conn {
	struct stream	 stream;	/* first */
	struct ws	*ws;
	struct session	*session;	/* NULL before and after */
	struct ws_visit	*visit;		/* owned; NULL while it is OPEN */
	struct address	*real;		/* owned; where the peer is, behind a
					 * proxy; NULL: at the socket's other
					 * end */
	struct ws_reader reader;
	uint8_t		 state;		/* enum conn_state */
	bool		 deflate;	/* permessage-deflate is in use */
	bool		 faulty;	/* the peer's frames are */
	bool		 keeps;		/* what the socket does not take */
};

TAILQ_HEAD(ws_ready, ws_visit);

struct ws {
	struct streams	*streams;	/* borrowed */
	struct broker	*broker;	/* borrowed */
	struct tls	*tls;		/* borrowed; NULL: none */
	struct identify *identify;	/* borrowed; NULL: nobody is */
	const struct protocol *protocol; /* static */
	const struct addresses *addresses; /* borrowed; NULL: all may
					 * connect */
	struct door	 door;
	struct visits	 relays;	/* of struct relay, by their last
					 * progress */
	struct visits	 kept;		/* who may send another request */
	struct visits	 farewells;
	struct ws_ready	 ready;		/* oldest first */
	unsigned	 admissions;	/* that are left in this turn */
	size_t		 limit_head;	/* bytes */
	struct site	 site;
	size_t		 nown;		/* the first rows of it, which are for
					 * WebSockets */
	struct site	 plain;		/* where HTTP alone is spoken */
	const struct networks *readers;	/* borrowed; who may read guarded
					 * pages; NULL: see ws_page.c */
	struct origin_rules origin;
	struct handshake_rules rules;
	const char	*names[2];	/* rules.protocols */
	struct handshake_digest digest;
	struct deflate	*deflate;	/* owned; NULL: never in use */
	struct ws_rules	*settings;	/* owned; in force (ws_renew.c) */
	struct buf	 inflated;	/* a message */
	size_t		 inflations;	/* bytes of such messages, of this
					 * read */
	size_t		 unfinished;	/* bytes of memory: messages that have
					 * not come whole */
	char		 extra[80];	/* more fields for answers over TLS */
	uint16_t	 taken[CONN_STATES]; /* edges that were taken, as
					 * ws_edges(); for tests */
};

/* The states that may follow that one, as bits. */
uint16_t ws_edges(enum conn_state from);

/* Move to another state, along an edge of the picture. */
void	conn_move(struct ws_conn *c, enum conn_state to);

static inline struct ws_conn *
conn_of_stream(struct stream *s)
{
	return (struct ws_conn *)(void *)s;
}

/* Of a visit of the door, or of farewells. */
static inline struct ws_conn *
conn_of_visit(struct visit *v)
{
	return ((struct ws_visit *)(void *)v)->conn;
}

/* ---- ws_request.c: the request ---- */

/* Handle the input of a connection in state HEAD; as stream_ops.input(). */
size_t	conn_head(struct ws_conn *c, char *p, size_t n);

/* ---- ws_page.c: pages ---- */

/* Answer the request of a page.  *host is as conn_locate() has it.  0, or -1
 * with the refusal in *why. */
int	conn_serve_page(struct ws_conn *c, const struct site_page *page,
	    const struct http_request *req, struct slice host,
	    struct http_refusal *why);

/* There is input of a kept connection: the next request begins.  False if there
 * is no connection any more. */
bool	conn_wake(struct ws_conn *c);

/* ---- ws_identify.c: who sends it ---- */

/* Find out who sends the request, unless it is known.  False: it must wait, or
 * is refused. */
bool	conn_identify(struct ws_conn *c, const struct http_request *req);

/* Bind the session of the connection to the time of its proof.  0, or -1 when
 * out of memory. */
int	conn_bind_time(struct ws_conn *c);

/* Handle the input of a connection in state ASKING, as conn_head(): it waits
 * for the answer. */
size_t	conn_more_input(struct ws_conn *c, size_t n);

/* The answer has not come in time: refuse the request. */
void	conn_is_busy(struct ws_conn *c);

/* ---- ws_origin.c ---- */

/* Whether a field of the request says that a proxy passed it on. */
bool	conn_is_forwarded(const struct http_request *req);

/* Judge Host, or the host that conn_locate() has found, and Origin, and whether
 * the peer counts as local.  If an Origin is missing, conn_identify() decides.
 * 0, or -1 with the refusal in *why. */
int	conn_judge_origin(struct ws_conn *c, const struct http_request *req,
	    struct slice forwarded_host, struct http_refusal *why);

/* ---- ws_address.c: where a peer is, and whether it may connect ---- */

/* Let a connection in at the door, and out whoever is one too many.  0, or -1
 * when out of memory: then it is not in there. */
int	conn_enter(struct ws_conn *c);

/* Whether a peer may connect from that address. */
bool	ws_admits(const struct ws *w, const struct address *peer);

/* The same for a connection.  The lists are about clients, so they do not apply
 * where HTTP alone is spoken. */
bool	conn_is_admitted(const struct ws_conn *c);

/* Whether it is that of one of our proxies. */
bool	ws_trusts(const struct ws *w, const struct address *peer);

/* Whether to go on with a socket that was just accepted.  If not, it is
 * refused and closed. */
bool	ws_receives(struct ws *w, int fd, const struct address *peer,
	    bool tls);

/* Find out where the client is if one of our proxies sends the request, and
 * whether it may connect from there.  *host is the authority that this proxy
 * was asked for, borrowed from the request; empty: not told.  0, or -1 with the
 * refusal in *why; if there is no connection any more, its state is
 * CONN_GONE. */
int	conn_locate(struct ws_conn *c, const struct http_request *req,
	    struct slice *host, struct http_refusal *why);

/* A proxy says that the peer is there.  False if there is no connection any
 * more, because there are too many from there, or when out of memory. */
bool	conn_is_at(struct ws_conn *c, const struct address *real);

/* ---- ws_proxy.c: the PROXY protocol ---- */

/* Handle the input of a connection in state PROXY. */
size_t	conn_proxy_header(struct ws_conn *c, const char *p, size_t n);

/* The same as ws_receives() for a socket that begins with such a header. */
bool	ws_proxy_receives(struct ws *w, int fd, const struct address *peer);

/* ---- ws_refuse.c ---- */

/* Count a refusal, and log it unless too many were logged. */
void	ws_refused(struct ws *w, const struct address *peer,
	    const struct http_refusal *why, bool answered);

/* Refuse the request: answer, and end the connection. */
void	conn_refuse(struct ws_conn *c, const struct http_refusal *why,
	    bool head_only);

/* ---- ws_session.c: the frames ---- */

extern const struct transport_ops ws_transport, ws_transport_deflate;

/* Handle the input of a connection in state OPEN. */
size_t	conn_frames(struct ws_conn *c, char *p, size_t n);

/* The peer has sent a Close: first send what is queued for it, if that is not
 * much. */
void	conn_say_rest(struct ws_conn *c);

/* Look for the peer's Close in the input of a connection in state GOODBYE. */
size_t	conn_last_frames(struct ws_conn *c, char *p, size_t n);

/* ---- ws_unfinished.c: messages that have not come whole ---- */

/* Close the sessions with the largest ones while they exceed limits.queues. */
void	ws_evict(struct ws *w);

/* ---- ws_goodbye.c: the end ---- */

/* Keep nothing of a message that has not come whole: it is skipped. */
void	conn_skip_message(struct ws_conn *c);

/* Free the visit. */
void	conn_free_visit(struct ws_conn *c);

/* Close the connection now. */
void	conn_close(struct ws_conn *c);

/* Send a Close, and wait for the peer's. */
void	conn_goodbye(struct ws_conn *c, uint16_t code, const char *reason);

/* End our side, and wait until the peer hangs up. */
void	conn_farewell(struct ws_conn *c);

/* The peer has sent a Close with that payload.  0, or -1 when out of memory. */
int	conn_keep_close(struct ws_conn *c, struct slice payload);

/* Answer the peer's Close with the same. */
void	conn_answer_close(struct ws_conn *c);

/* ---- ws_http.c: servers of HTTP ---- */

/* Let the server answer the request of that principal.  0, or -1 without memory
 * or descriptors. */
int	conn_hand_over(struct ws_conn *c, const struct site_server *server,
	    const struct http_request *req, const struct principal *principal);

/* The peer takes more of the server's answer. */
void	conn_relay_more(struct ws_conn *c);

/* End an answer whose time is up, unless there was progress; whether there was
 * one to look at. */
bool	relays_end_late(struct ws *w);

/* End the answer without progress for the longest time, if there was none since
 * `before`; whether there is one. */
bool	relays_end_oldest(struct ws *w, int64_t before);
