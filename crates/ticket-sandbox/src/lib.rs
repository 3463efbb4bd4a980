//! A local stand-in for the EngageLab LiveDesk and Feishu Helpdesk APIs.
