//! Tenant access tokens and their lifetimes.

use std::time::Duration;

use tokio::time::Instant;

use crate::request_ids::random;

/// The maximum lifetime of a token, and the default.
pub(crate) const MAX_TOKEN_LIFETIME: Duration = Duration::from_hours(2);
/// A new token is issued if less than this remains; the old one stays valid.
const RENEWAL: Duration = Duration::from_mins(30);

/// The tokens of the one app.
#[derive(Debug)]
pub(crate) struct Tokens {
    lifetime: Duration,
    /// The unexpired tokens, oldest first. The last one is handed out.
    issued: Vec<Token>,
}

#[derive(Debug)]
struct Token {
    text: String,
    expires: Instant,
    /// Rejected before its expiry.
    spoilt: bool,
}

impl Tokens {
    pub(crate) fn new(lifetime: Duration) -> Self {
        Self { lifetime, issued: Vec::new() }
    }

    /// Returns a token and its remaining seconds: the last token while 30 minutes or more remain, else a new one. The
    /// last token stays valid until it expires.
    pub(crate) fn issue(&mut self, now: Instant) -> (String, u64) {
        self.issued.retain(|token| token.expires > now);
        if let Some(token) = self.issued.last() {
            let remaining = token.expires - now;
            if remaining >= RENEWAL {
                return (token.text.clone(), remaining.as_secs());
            }
        }
        let text = format!("t-sandbox{:016x}{:016x}0", random(), random());
        self.issued.push(Token { text: text.clone(), expires: now + self.lifetime, spoilt: false });
        (text, self.lifetime.as_secs())
    }

    /// Returns whether a token was issued and is not expired, revoked or spoilt.
    pub(crate) fn accepts(&self, text: &str, now: Instant) -> bool {
        self.issued.iter().any(|token| token.text == text && token.expires > now && !token.spoilt)
    }

    /// Expires all tokens.
    pub(crate) fn expire(&mut self, now: Instant) {
        for token in &mut self.issued {
            token.expires = token.expires.min(now);
        }
    }

    /// Revokes all tokens.
    pub(crate) fn revoke(&mut self) {
        self.issued.clear();
    }

    /// Rejects all tokens, but goes on handing them out.
    pub(crate) fn spoil(&mut self) {
        for token in &mut self.issued {
            token.spoilt = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    #[tokio::test(start_paused = true)]
    async fn hands_out_the_same_token_while_thirty_minutes_remain() {
        let mut tokens = Tokens::new(MAX_TOKEN_LIFETIME);
        let (first, expire) = tokens.issue(Instant::now());
        assert_eq!((first.len(), &first[..2], expire), (42, "t-", 7200));
        for (minutes, expire) in [(1, 7140), (43, 4560), (46, 1800)] {
            advance(minutes * MINUTE).await;
            assert_eq!(tokens.issue(Instant::now()), (first.clone(), expire));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn issues_a_new_token_below_thirty_minutes_and_keeps_the_old_valid() {
        let mut tokens = Tokens::new(MAX_TOKEN_LIFETIME);
        let (first, _) = tokens.issue(Instant::now());
        advance(90 * MINUTE + Duration::from_millis(1)).await;
        let (second, expire) = tokens.issue(Instant::now());
        assert_ne!(second, first);
        assert_eq!(expire, 7200);
        assert!(tokens.accepts(&first, Instant::now()) && tokens.accepts(&second, Instant::now()));
        advance(29 * MINUTE + Duration::from_millis(59_998)).await;
        assert!(tokens.accepts(&first, Instant::now()));
        advance(Duration::from_millis(1)).await;
        assert!(!tokens.accepts(&first, Instant::now()) && tokens.accepts(&second, Instant::now()));
        assert_eq!(tokens.issue(Instant::now()).0, second);
    }

    #[tokio::test(start_paused = true)]
    async fn reports_whole_seconds() {
        let mut tokens = Tokens::new(MAX_TOKEN_LIFETIME);
        tokens.issue(Instant::now());
        advance(Duration::from_millis(1)).await;
        assert_eq!(tokens.issue(Instant::now()).1, 7199);
    }

    #[tokio::test(start_paused = true)]
    async fn short_lived_token_is_handed_out_once() {
        let mut tokens = Tokens::new(Duration::from_secs(1799));
        let (first, expire) = tokens.issue(Instant::now());
        let (second, _) = tokens.issue(Instant::now());
        assert_eq!(expire, 1799);
        assert_ne!(first, second);
        assert!(tokens.accepts(&first, Instant::now()) && tokens.accepts(&second, Instant::now()));
    }

    #[tokio::test(start_paused = true)]
    async fn revoked_token_is_replaced_and_spoilt_token_is_not() {
        let mut tokens = Tokens::new(MAX_TOKEN_LIFETIME);
        let (first, _) = tokens.issue(Instant::now());
        tokens.revoke();
        assert!(!tokens.accepts(&first, Instant::now()));
        let (second, _) = tokens.issue(Instant::now());
        assert_ne!(first, second);
        assert!(tokens.accepts(&second, Instant::now()));
        tokens.spoil();
        assert!(!tokens.accepts(&second, Instant::now()));
        assert_eq!(tokens.issue(Instant::now()).0, second);
    }

    #[tokio::test(start_paused = true)]
    async fn expired_token_is_rejected_and_replaced() {
        let mut tokens = Tokens::new(MAX_TOKEN_LIFETIME);
        let (first, _) = tokens.issue(Instant::now());
        tokens.expire(Instant::now());
        assert!(!tokens.accepts(&first, Instant::now()));
        assert_ne!(tokens.issue(Instant::now()).0, first);
    }

    #[tokio::test(start_paused = true)]
    async fn unknown_token_is_rejected() {
        assert!(!Tokens::new(MAX_TOKEN_LIFETIME).accepts("t-unheard", Instant::now()));
    }
}
