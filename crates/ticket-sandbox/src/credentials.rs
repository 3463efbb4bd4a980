//! The credentials that the sandbox accepts.

use std::fmt;

/// The accepted credentials. The defaults are the same in every run, and obviously not real.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// EngageLab's API key, the user name of HTTP Basic.
    pub engagelab_api_key: String,
    /// EngageLab's API secret, the password of HTTP Basic.
    pub engagelab_api_secret: String,
    /// Feishu's app id.
    pub feishu_app_id: String,
    /// Feishu's app secret.
    pub feishu_app_secret: String,
    /// Feishu's helpdesk id. Default: that of the documented ticket.
    pub feishu_helpdesk_id: String,
    /// Feishu's helpdesk token.
    pub feishu_helpdesk_token: String,
}

impl Default for Credentials {
    fn default() -> Self {
        Self {
            engagelab_api_key: "sandbox-key".to_owned(),
            engagelab_api_secret: "sandbox-secret".to_owned(),
            feishu_app_id: "cli_sandbox".to_owned(),
            feishu_app_secret: "sandbox-app-secret".to_owned(),
            feishu_helpdesk_id: "6626871355780366330".to_owned(),
            feishu_helpdesk_token: "ht-00000000-0000-0000-0000-000000000000".to_owned(),
        }
    }
}

/// Shows only the ids: a user may have set real secrets.
impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credentials")
            .field("feishu_app_id", &self.feishu_app_id)
            .field("feishu_helpdesk_id", &self.feishu_helpdesk_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_secrets() {
        let shown = format!("{:?}", Credentials::default());
        for secret in ["sandbox-key", "sandbox-secret", "sandbox-app-secret", "ht-"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("cli_sandbox"));
    }
}
