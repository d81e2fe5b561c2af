package web

import (
	"errors"
	"io"
	"net"
	"time"
)

const (
	lingerMost = 64 << 20        // bytes of an unread body that are thrown away
	lingerLong = 5 * time.Second // and for how long
)

// linger makes connections end so that the other side can read the last answer. A body that is too large is refused
// unread; closing such a connection at once resets it, and the browser shows an error of its own in place of our page.
func linger(l net.Listener) net.Listener { return lingering{l} }

type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return &lingeringConn{TCPConn: tcp}, err
	}
	return c, err
}

type lingeringConn struct{ *net.TCPConn }

// Close says that no more will be sent, throws away what still arrives, and closes. It returns before the last two.
func (c *lingeringConn) Close() error {
	if err := c.CloseWrite(); err != nil {
		return errors.Join(ignoreClosed(err), ignoreClosed(c.TCPConn.Close()))
	}
	if err := c.SetReadDeadline(time.Now().Add(lingerLong)); err != nil {
		return errors.Join(err, c.TCPConn.Close())
	}
	go func() {
		defer c.TCPConn.Close()
		// However this ends, the connection is over; there is nobody to tell.
		_, _ = io.Copy(io.Discard, io.LimitReader(c.TCPConn, lingerMost))
	}()
	return nil
}

// ignoreClosed leaves out that the other side was faster.
func ignoreClosed(err error) error {
	var op *net.OpError
	if errors.Is(err, net.ErrClosed) || errors.As(err, &op) {
		return nil
	}
	return err
}
