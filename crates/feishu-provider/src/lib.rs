//! Reads Feishu and Lark Helpdesk tickets into the unified ticket model.
