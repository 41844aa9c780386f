/*
 * ws_loop.h: the WebSocket transport on a loop of its own; see net_loop.h.
 */
#pragma once

#include "fake.h"
#include "net_loop.h"
#include "wampd/core/protocol.h"
#include "wampd/net/ws.h"
#include "wampd/net/ws_conn.h"

/* A handshake without its last line. */
#define WS_REQUEST							\
	"GET / HTTP/1.1\r\n" WS_REQUEST_FIELDS
#define WS_REQUEST_FIELDS						\
	"Host: localhost\r\n"						\
	"Upgrade: websocket\r\n"					\
	"Connection: Upgrade\r\n"					\
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"		\
	"Sec-WebSocket-Version: 13\r\n"

/* The answer to it, if no protocol is offered. */
#define WS_ANSWER							\
	"HTTP/1.1 101 Switching Protocols\r\n"				\
	"Upgrade: websocket\r\n"					\
	"Connection: Upgrade\r\n"					\
	"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"	\
	"\r\n"

/* Sends each message back, text as text and binary as binary. */
extern const struct protocol protocol_echo;

/* That protocol, and bounds that no test reaches unless it wants to. */
struct ws_settings ws_loop_settings(void);

/* core: NULL for fake_settings().  set: NULL for the above. */
struct loop *ws_loop_open(const struct broker_settings *core,
	    const struct ws_settings *set);

/* Close it.  Adds the edges that its connections have taken; see ws_conn.h. */
void	ws_loop_close(struct loop *s, uint16_t taken[CONN_STATES]);

/* Connect from an address such as "192.0.2.1"; returns our end. */
int	ws_peer_from(struct loop *s, int type, const char *address);

/* The same where HTTP alone is spoken. */
int	ws_peer_plain(struct loop *s, const char *address);

/* Connect from this machine. */
int	ws_peer_open(struct loop *s);

/* The same over TCP. */
int	ws_peer_tcp(struct loop *s);

/* The same over a socket pair, and shake hands, so that it has a session of
 * protocol_echo. */
int	ws_peer_session(struct loop *s);

/* The oldest connection without a session, of those that wait for the peer's
 * end, and with a session; or NULL. */
struct ws_conn *ws_visit_conn(const struct loop *s);
struct ws_conn *ws_farewell_conn(const struct loop *s);
struct ws_conn *ws_session_conn(const struct loop *s);

/* Whether there is none of them. */
bool	ws_is_empty(const struct loop *s);

/* Say a frame with this first byte, see client_frame.h. */
void	ws_peer_frame(int fd, unsigned first, const char *payload);

/* Settle, and return what the peer has got since the last time, with a line
 * for each frame, see ws_answer.h; "END\n" if its connection has ended.  Valid
 * until the next call. */
const char *ws_peer_frames(struct loop *s, int fd);

/* What waits for a time, or is slow, has done so that much longer. */
void	ws_pass(struct loop *s, int64_t ms);
